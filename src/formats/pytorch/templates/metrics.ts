/** metrics.py: the metrics of an evaluation, by the definitions that the page and the terminal use. */
export const metricsPy = String.raw`"""The metrics of a head: RCE, NRCE, AUROC, CTR, pCTR. A metric without a value is None, never a number."""
import numpy as np

EPSILON = 1e-7


def bce(probabilities, labels):
    """-y log(q + e) - (1 - y) log(1 - q + e) with q = clamp(p, e, 1 - e), e = 1e-7."""
    q = np.clip(probabilities, EPSILON, 1 - EPSILON)
    return -labels * np.log(q + EPSILON) - (1 - labels) * np.log(1 - q + EPSILON)


class StableMean:
    """Weighted running mean: W' = W + sum(w), mean' = mean + sum(w / W' (x - mean))."""

    def __init__(self):
        self.mean, self.weight = 0.0, 0.0

    def update(self, values, weights):
        total = self.weight + float(weights.sum())
        if total == 0:
            return
        self.mean += float((weights / total * (values - self.mean)).sum())
        self.weight = total

    def value(self):
        return self.mean if self.weight > 0 else None


def relative_cross_entropy(cross_entropy, label):
    """100 (1 - mean bce / bce(mean label, mean label)); None with one class only."""
    if label.weight == 0 or not 0 < label.mean < 1 - 1e-12:
        return None
    return 100 * (1 - cross_entropy.mean / float(bce(np.float64(label.mean), label.mean)))


def auroc(predictions, labels, weights):
    """Area under the ROC curve as the Mann-Whitney statistic: weighted, a tie counts one half."""
    if len(labels) == 0 or not np.isin(labels, (0, 1)).all() or np.isnan(predictions).any():
        return None
    # One group for each value, by rising prediction.
    _, group = np.unique(predictions, return_inverse=True)
    group = group.reshape(-1)
    positive = np.bincount(group, weights=weights * labels)
    negative = np.bincount(group, weights=weights * (1 - labels))
    if positive.sum() == 0 or negative.sum() == 0:
        return None
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


class HeadMetrics:
    """All metrics of one head over one stream of predictions: fed batch by batch, in order."""

    def __init__(self, pos_weight):
        self.pos_weight = pos_weight
        self.loss, self.label, self.cross_entropy = StableMean(), StableMean(), StableMean()
        self.normalized, self.probability, self.calibrated = StableMean(), StableMean(), StableMean()
        self.scored = []

    def update(self, logits, probabilities, calibrated, labels, weights):
        """One batch: float64 arrays of one length; weights may be None."""
        w = np.ones_like(labels) if weights is None else weights
        softplus = np.maximum(-logits, 0) + np.log1p(np.exp(-np.abs(logits)))
        terms = w * ((1 - labels) * logits + (1 + (self.pos_weight - 1) * labels) * softplus)
        self.loss.update(terms, np.ones_like(labels))
        self.label.update(labels, w)
        self.cross_entropy.update(bce(probabilities, labels), w)
        self.probability.update(probabilities, w)
        self.calibrated.update(calibrated, w)
        # Scaled by what is known up to and with this batch, so the order of the batches matters.
        factor = 1.0 if self.probability.mean == 0 else self.label.mean / self.probability.mean
        self.normalized.update(bce(probabilities * factor, labels), w)
        self.scored.append((probabilities, labels, w))

    def summary(self):
        columns = [np.concatenate(column) for column in zip(*self.scored)] or [np.zeros(0)] * 3
        return {
            "examples": len(columns[1]),
            "positives": int((columns[1] > 0).sum()),
            "loss": self.loss.value(),
            "rce": relative_cross_entropy(self.cross_entropy, self.label),
            "nrce": relative_cross_entropy(self.normalized, self.label),
            "auroc": auroc(*columns),
            "ctr": self.label.value(),
            "pctr": self.probability.value(),
            "mean_calibrated": self.calibrated.value(),
        }
`;
