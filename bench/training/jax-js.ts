/** The model in jax-js, as its users write it: a pure loss, valueAndGrad, Adam, all in one jit. Arrays are owned: each use but the last takes `.ref`. */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { Trainee } from './row.ts';
import type { MaskNetShape } from './shape.ts';

type Dense = { w: np.Array; b: np.Array };
type Norm = { scale: np.Array; offset: np.Array };
type Block = { first: Dense; second: Dense; hidden: Dense; norm: Norm };
type Params = {
  featureNorm: Norm;
  inputNorm: Norm;
  embeddingNorms: Norm[];
  blocks: Block[];
  mlp: Dense[];
  towers: Dense[][];
};
type Inputs = { continuous: np.Array; binary: np.Array; embeddings: np.Array[]; labels: np.Array };

const dense = (rng: () => number, inputs: number, outputs: number): Dense => {
  const limit = Math.sqrt(6 / (inputs + outputs));
  const weights = Float32Array.from({ length: inputs * outputs }, () => (2 * rng() - 1) * limit);
  return { w: np.array(weights).reshape([inputs, outputs]), b: np.zeros([outputs]) };
};
const norm = (width: number): Norm => ({ scale: np.ones([width]), offset: np.zeros([width]) });

const linear = (layer: Dense, x: np.Array): np.Array => np.matmul(x, layer.w).add(layer.b);

/** Normalises over `axis`: 1 for LayerNorm, 0 for BatchNorm. */
const standardize = (x: np.Array, axis: number, epsilon: number): np.Array => {
  const centred = x.ref.sub(np.mean(x, axis, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), axis, { keepdims: true });
  return centred.mul(np.reciprocal(np.sqrt(variance.add(epsilon))));
};
const affine = (p: Norm, x: np.Array): np.Array => x.mul(p.scale).add(p.offset);

function lossOf(shape: MaskNetShape) {
  return (params: Params, inputs: Inputs): np.Array => {
    const logged = np.sign(inputs.continuous.ref).mul(np.log1p(np.abs(inputs.continuous)));
    const normed = affine(params.featureNorm, standardize(logged, 0, 1e-5));
    const clipped = np.clip(normed, -shape.clip, shape.clip);
    const joined = np.concatenate([clipped, inputs.binary], 1);
    const features = affine(params.inputNorm, standardize(joined, 1, 1e-12));
    const embeddings = inputs.embeddings.map((embedding, i) =>
      affine(params.embeddingNorms[i]!, standardize(embedding, 1, 1e-5)),
    );
    const x = np.concatenate([features, ...embeddings], 1);
    const blocks = params.blocks.map((block) => {
      const mask = linear(block.second, nn.relu(linear(block.first, x.ref)));
      return affine(block.norm, standardize(linear(block.hidden, x.ref.mul(mask)), 1, 1e-5));
    });
    x.dispose();
    let backbone = np.concatenate(blocks, 1);
    for (const layer of params.mlp) backbone = nn.relu(linear(layer, backbone));
    const logits = params.towers.map((layers) => {
      let tower = backbone.ref;
      layers.forEach((layer, i) => {
        tower = linear(layer, tower);
        if (i < layers.length - 1) tower = nn.relu(standardize(tower, 0, 1e-5));
      });
      return tower;
    });
    backbone.dispose();
    const z = np.concatenate(logits, 1);
    // Stable BCE with logits: max(z, 0) − z·y + log1p(exp(−|z|)).
    return np.mean(
      nn
        .relu(z.ref)
        .sub(z.ref.mul(inputs.labels))
        .add(np.log1p(np.exp(np.abs(z).neg()))),
    );
  };
}

const mapParams = (f: (...arrays: np.Array[]) => np.Array, ...trees: [Params, ...Params[]]): Params => {
  const [first, ...rest] = trees;
  return tree.map(f, first, ...rest) as Params;
};

/** @throws Error when jax-js has no WebGPU here. */
export async function jaxJs(shape: MaskNetShape, batch: RecapBatch): Promise<Trainee> {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Error('jax-js found no WebGPU device.');
  defaultDevice('webgpu');
  let seed = 1;
  const rng = (): number => ((seed = (seed * 48271) % 2147483647) - 1) / 2147483646;
  const { layout } = shape;
  const width =
    layout.continuous +
    layout.binary +
    layout.userEmbedding +
    layout.userEngEmbedding +
    layout.authorEmbedding;
  const chain = (sizes: readonly number[]): Dense[] =>
    sizes.slice(1).map((outputs, i) => dense(rng, sizes[i]!, outputs));
  const joined = shape.blocks.reduce((sum, block) => sum + block.output, 0);
  const last = shape.mlp.at(-1) ?? joined;
  let params: Params = {
    featureNorm: norm(layout.continuous),
    inputNorm: norm(layout.continuous + layout.binary),
    embeddingNorms: [layout.userEmbedding, layout.userEngEmbedding, layout.authorEmbedding].map(norm),
    blocks: shape.blocks.map((block) => ({
      first: dense(rng, width, block.aggregation),
      second: dense(rng, block.aggregation, width),
      hidden: dense(rng, width, block.output),
      norm: norm(block.output),
    })),
    mlp: chain([joined, ...shape.mlp]),
    towers: layout.tasks.map(() => chain([last, ...shape.tower])),
  };
  let m = mapParams((p) => np.zeros(p.shape), params);
  let v = mapParams((p) => np.zeros(p.shape), params);

  const gradient = valueAndGrad(lossOf(shape));
  const [beta1, beta2, epsilon] = [0.95, 0.999, 1e-7];
  const update = jit(
    (
      p: Params,
      m1: Params,
      v1: Params,
      inputs: Inputs,
      rates: np.Array,
    ): [np.Array, Params, Params, Params] => {
      const [loss, g] = gradient(
        mapParams((x) => x.ref, p),
        inputs,
      ) as [np.Array, Params];
      const m2 = mapParams((a, b) => a.mul(beta1).add(b.ref.mul(1 - beta1)), m1, g);
      const v2 = mapParams((a, b) => a.mul(beta2).add(np.square(b).mul(1 - beta2)), v1, g);
      const rate = rates.ref.slice(0);
      const correction = rates.slice(1);
      const p2 = mapParams(
        (x, a, b) =>
          x.sub(rate.ref.mul(a.ref).mul(np.reciprocal(np.sqrt(b.ref.mul(correction.ref)).add(epsilon)))),
        p,
        m2,
        v2,
      );
      rate.dispose();
      correction.dispose();
      return [loss, p2, m2, v2];
    },
  );

  const matrix = (data: Float32Array, columns: number): np.Array =>
    np.array(new Float32Array(data)).reshape([batch.size, columns]);
  const inputs: Inputs = {
    continuous: matrix(batch.continuous, layout.continuous),
    binary: matrix(batch.binary, layout.binary),
    embeddings: [
      matrix(batch.userEmbedding, layout.userEmbedding),
      matrix(batch.userEngEmbedding, layout.userEngEmbedding),
      matrix(batch.authorEmbedding, layout.authorEmbedding),
    ],
    labels: matrix(batch.labels, layout.tasks.length),
  };
  let step = 0;
  return {
    async step() {
      step++;
      const rate = 1e-3 / (1 - beta1 ** step);
      const held: Inputs = {
        continuous: inputs.continuous.ref,
        binary: inputs.binary.ref,
        embeddings: inputs.embeddings.map((x) => x.ref),
        labels: inputs.labels.ref,
      };
      const [loss, p2, m2, v2] = update(params, m, v, held, np.array([rate, 1 / (1 - beta2 ** step)]));
      [params, m, v] = [p2, m2, v2];
      return (await loss.data())[0]!;
    },
    dispose() {
      const drop = (x: np.Array): np.Array => {
        x.dispose();
        return x;
      };
      for (const held of [params, m, v]) mapParams(drop, held);
      [inputs.continuous, inputs.binary, ...inputs.embeddings, inputs.labels].forEach(drop);
    },
  };
}
