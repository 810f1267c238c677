/** The model as a tfjs user would write it: the layers API, `compile` with tf.train.adam, `trainOnBatch`. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { Trainee } from './row.ts';
import type { MaskNetShape } from './shape.ts';

class SignedLog extends tf.layers.Layer {
  static readonly className = 'SignedLog';
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      return tf.mul(tf.sign(x), tf.log1p(tf.abs(x)));
    });
  }
}

class Clip extends tf.layers.Layer {
  static readonly className = 'Clip';
  constructor(private readonly magnitude: number) {
    super({});
  }
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.clipByValue(x, -this.magnitude, this.magnitude);
  }
}

function maskBlock(
  x: tf.SymbolicTensor,
  width: number,
  aggregation: number,
  output: number,
): tf.SymbolicTensor {
  const hidden = tf.layers.dense({ units: aggregation, activation: 'relu' }).apply(x) as tf.SymbolicTensor;
  const mask = tf.layers.dense({ units: width }).apply(hidden) as tf.SymbolicTensor;
  const gated = tf.layers.multiply().apply([x, mask]) as tf.SymbolicTensor;
  const projected = tf.layers.dense({ units: output }).apply(gated);
  return tf.layers.layerNormalization({ epsilon: 1e-5 }).apply(projected) as tf.SymbolicTensor;
}

/** @param backend a registered tfjs backend, 'webgpu' or 'wasm'. */
export async function stockTfjs(shape: MaskNetShape, batch: RecapBatch, backend: string): Promise<Trainee> {
  await tf.setBackend(backend);
  await tf.ready();
  const { layout } = shape;
  const input = (width: number): tf.SymbolicTensor => tf.input({ shape: [width] });
  const continuous = input(layout.continuous);
  const binary = input(layout.binary);
  const embeddings = [layout.userEmbedding, layout.userEngEmbedding, layout.authorEmbedding].map(input);

  const logged = new SignedLog({}).apply(continuous);
  const normed = tf.layers.batchNormalization({ momentum: 0.99, epsilon: 1e-5 }).apply(logged);
  const clipped = new Clip(shape.clip).apply(normed) as tf.SymbolicTensor;
  const joined = tf.layers.concatenate().apply([clipped, binary]);
  const features = tf.layers.layerNormalization({ epsilon: 1e-12 }).apply(joined) as tf.SymbolicTensor;
  const normedEmbeddings = embeddings.map(
    (embedding) => tf.layers.layerNormalization({ epsilon: 1e-5 }).apply(embedding) as tf.SymbolicTensor,
  );
  const x = tf.layers.concatenate().apply([features, ...normedEmbeddings]) as tf.SymbolicTensor;
  const width = x.shape[1] ?? 0;

  const blocks = shape.blocks.map((block) => maskBlock(x, width, block.aggregation, block.output));
  let backbone =
    blocks.length > 1 ? (tf.layers.concatenate().apply(blocks) as tf.SymbolicTensor) : blocks[0]!;
  for (const units of shape.mlp) {
    backbone = tf.layers.dense({ units, activation: 'relu' }).apply(backbone) as tf.SymbolicTensor;
  }
  const outputs = layout.tasks.map(() => {
    let tower = backbone;
    for (const units of shape.tower.slice(0, -1)) {
      tower = tf.layers.dense({ units }).apply(tower) as tf.SymbolicTensor;
      // The layer reads gamma and beta in training even when it was told to have none.
      const norm = tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 });
      tower = norm.apply(tower) as tf.SymbolicTensor;
      tower = tf.layers.reLU().apply(tower) as tf.SymbolicTensor;
    }
    return tf.layers.dense({ units: 1, activation: 'sigmoid' }).apply(tower) as tf.SymbolicTensor;
  });
  const model = tf.model({ inputs: [continuous, binary, ...embeddings], outputs });
  model.compile({
    optimizer: tf.train.adam(1e-3, 0.95, 0.999, 1e-7),
    loss: layout.tasks.map(() => 'binaryCrossentropy'),
  });

  const matrix = (data: Float32Array, columns: number): tf.Tensor2D =>
    tf.tensor2d(data, [batch.size, columns]);
  const inputs = [
    matrix(batch.continuous, layout.continuous),
    matrix(batch.binary, layout.binary),
    matrix(batch.userEmbedding, layout.userEmbedding),
    matrix(batch.userEngEmbedding, layout.userEngEmbedding),
    matrix(batch.authorEmbedding, layout.authorEmbedding),
  ];
  const labels = layout.tasks.map((_task, index) =>
    tf.tensor2d(
      Float32Array.from(
        { length: batch.size },
        (_unused, row) => batch.labels[row * layout.tasks.length + index]!,
      ),
      [batch.size, 1],
    ),
  );
  return {
    async step() {
      const losses = await model.trainOnBatch(inputs, labels);
      const total = Array.isArray(losses) ? losses[0]! : losses;
      return total / layout.tasks.length;
    },
    dispose() {
      model.dispose();
      tf.dispose([...inputs, ...labels]);
    },
  };
}
