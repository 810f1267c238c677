/** predict.py: the predictions of every example of a file. */
export const predictPy = String.raw`"""Predicts every example of a file, in file order, and writes JSON.

    python predict.py --data FILE --out FILE.json [--weights FILE] [--device cpu|cuda] [--batch-size N]
"""
import argparse
import json
import os
import sys

import torch

import data
import settings
from model import TASKS, HeavyRanker
from weights import WeightsError, load_into, read_safetensors, split_checkpoint

FOLDER = os.path.dirname(os.path.abspath(__file__))
FIELDS = ("logits", "probabilities", "calibrated_probabilities")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, nargs="+", help="TFRecord files; labels are not needed")
    parser.add_argument("--out", required=True, help="JSON file to write")
    parser.add_argument("--weights", default=os.path.join(FOLDER, "weights.safetensors"))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--batch-size", type=int, default=settings.TRAIN_DATA["global_batch_size"])
    args = parser.parse_args()

    model = HeavyRanker()
    tensors, _ = read_safetensors(args.weights)
    load_into(model, split_checkpoint(tensors)[0], args.weights)
    model.to(args.device).eval()

    section = data.for_prediction(settings.TRAIN_DATA, args.batch_size)
    rows = {field: [] for field in FIELDS}
    with torch.no_grad():
        for batch in data.batches(section, data.find_files(args.data), drop_remainder=False):
            features = {
                name: torch.from_numpy(array).to(args.device) for name, array in batch.features.items()
            }
            outputs = model(**features)
            if not torch.isfinite(outputs["logits"]).all():
                row = len(rows["logits"]) + int((~torch.isfinite(outputs["logits"])).any(1).nonzero()[0])
                raise data.DataError(f"example {row} has no finite logit: check its features.")
            for field in FIELDS:
                rows[field].extend(outputs[field].cpu().tolist())
    if not rows["logits"]:
        raise data.DataError(f"{', '.join(args.data)}: there is no example.")

    aside = f"{args.out}.part-{os.getpid()}"
    with open(aside, "w", encoding="utf-8") as file:
        file.write('{"tasks": ' + json.dumps(TASKS, ensure_ascii=False))
        for field in FIELDS:
            file.write(',\n"' + field + '": [\n' + ",\n".join(json.dumps(row) for row in rows[field]) + "]")
        file.write("}\n")
    os.replace(aside, args.out)
    print(f"{len(rows['logits'])} examples predicted.", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except (data.DataError, WeightsError, OSError) as error:
        sys.exit(str(error))
`;
