import { describe, expect, it } from 'vitest';
import type { GraphNode } from './graph.ts';
import type { ModelInput } from '../config/schema/model.ts';
import { modelSchema } from '../config/schema/model.ts';
import { buildGraph, GraphError, type TaskRates } from './build.ts';

const WIDTHS = {
  continuous: 6,
  binary: 2,
  discrete: 3,
  userEmbedding: 4,
  userEngEmbedding: 4,
  authorEmbedding: 4,
};

const MLP = { layer_sizes: [3, 1], final_layer_activation: false };

function model(changes: Partial<ModelInput> = {}): ModelInput {
  return {
    tasks: { 'recap.a': { mlp_config: MLP }, 'recap.b': { mlp_config: MLP } },
    featurization_config: { log1p_abs_config: {} },
    multi_task_type: 'share_none',
    ...changes,
  };
}

const build = (config: ModelInput, rates?: Record<string, TaskRates>) =>
  buildGraph(modelSchema.parse(config), WIDTHS, rates);
const names = (config: ModelInput) => build(config).parameters.map(({ name }) => name);
const node = (config: ModelInput, id: string): GraphNode => {
  const found = build(config).nodes.find((each) => each.id === id);
  if (!found) throw new Error(`no node ${id}`);
  return found;
};

describe('buildGraph', () => {
  it('puts nodes in topological order with consistent widths', () => {
    const graph = build(
      model({
        multi_task_type: 'share_partial',
        backbone: {
          mask_net_config: {
            use_parallel: false,
            mask_blocks: [
              { output_size: 5, input_layer_norm: true, aggregation_size: 3 },
              { output_size: 2, input_layer_norm: false, reduction_factor: 0.5 },
            ],
            mlp: { layer_sizes: [7], final_layer_activation: true },
          },
        },
      }),
    );
    const seen = new Map<string, GraphNode>();
    for (const each of graph.nodes) {
      const inputs = each.inputs.map((id) => seen.get(id));
      expect(inputs).not.toContain(undefined);
      if (each.kind === 'concat')
        expect(each.width).toBe(inputs.reduce((sum, input) => sum + (input?.width ?? 0), 0));
      if (each.kind === 'multiply')
        expect(inputs.map((input) => input?.width)).toEqual([each.width, each.width]);
      seen.set(each.id, each);
    }
    // raw 6 + 2 + 3·4 = 20 columns; the second block's mask comes from the features: floor(0.5 · 20) = 10.
    const shapes = new Map(graph.parameters.map(({ name, shape }) => [name, shape]));
    expect(shapes.get('_backbone._mask_blocks.1._mask_layer.0.weight')).toEqual([10, 20]);
    expect(shapes.get('_backbone._mask_blocks.1._mask_layer.2.weight')).toEqual([5, 10]);
    expect(shapes.get('_backbone._dense_layers.layers.0.weight')).toEqual([7, 2]);
    expect(shapes.get('_towers.recap__a.layers.0.weight')).toEqual([3, 27]);
    expect(seen.get('shared')?.inputs).toEqual(['features', '_backbone._dense_layers.layers.1']);
  });

  it('counts every module of an MLP in the names', () => {
    const config = model({
      tasks: {
        a: {
          mlp_config: {
            layer_sizes: [4, 3, 1],
            batch_norm: { affine: false, momentum: 0.1 },
            dropout: { rate: 0.2 },
            final_layer_activation: false,
          },
        },
      },
    });
    expect(names(config).filter((name) => name.startsWith('_towers') && name.endsWith('.weight'))).toEqual([
      '_towers.a.layers.0.weight',
      '_towers.a.layers.4.weight',
      '_towers.a.layers.8.weight',
    ]);
    expect(node(config, '_towers.a.layers.3')).toMatchObject({ kind: 'dropout', rate: 0.2 });
  });

  it('builds one-layer MLPs, with and without a final ReLU', () => {
    const one = (final: boolean) =>
      model({ tasks: { a: { mlp_config: { layer_sizes: [1], final_layer_activation: final } } } });
    expect(build(one(false)).outputs[0]?.logit).toBe('_towers.a.layers.0');
    expect(build(one(true)).outputs[0]?.logit).toBe('_towers.a.layers.1');
  });

  it('builds a plain MLP backbone and a MaskNet tower without mlp', () => {
    const config = model({
      multi_task_type: 'share_all',
      backbone: { mlp_config: { layer_sizes: [5], final_layer_activation: true } },
      tasks: {
        a: {
          mask_net_config: {
            use_parallel: true,
            mask_blocks: [{ output_size: 1, input_layer_norm: false, aggregation_size: 2 }],
          },
        },
      },
    });
    expect(names(config)).toContain('_backbone.layers.0.weight');
    expect(build(config).outputs[0]?.logit).toBe('_towers.a._mask_blocks.0._layer_norm');
  });

  it('builds the three featurizations', () => {
    expect(names(model()).filter((name) => name.startsWith('_preprocessor'))).toEqual([]);
    expect(node(model(), '_preprocessor.concat').inputs).toEqual([
      '_preprocessor._before_concat_layers.1',
      'binary',
    ]);
    const clip = model({ featurization_config: { clip_log1p_abs_config: { clip_magnitude: 3e38 } } });
    expect(node(clip, '_preprocessor._before_concat_layers.2')).toMatchObject({
      op: 'clamp',
      constants: [-3e38, 3e38],
    });
    const double = model({
      featurization_config: {
        double_norm_log_config: {
          clip_magnitude: 5,
          layer_norm_config: { epsilon: 0, axis: -1, center: true, scale: true },
        },
        feature_names_to_concat: [],
      },
    });
    expect(node(double, '_preprocessor.layer_norm')).toMatchObject({
      kind: 'layer_norm',
      epsilon: 0,
      width: 6,
      inputs: ['_preprocessor._before_concat_layers.2'],
    });
  });

  it('trains an affine map with its task and gives calibrators the rates', () => {
    const config = model({
      tasks: { 'x.y': { mlp_config: MLP, affine_map: { scale: 0.5, bias: -1 }, pos_weight: 3 } },
    });
    const graph = build(config, { 'x.y': { pos: 0.8, neg: 0.2 } });
    const find = (name: string) => graph.parameters.find((each) => each.name === name);
    expect(find('_affine_maps.x__y.weight')).toMatchObject({
      shape: [1, 1],
      group: 'x.y',
      init: { kind: 'constant', value: 0.5 },
    });
    expect(find('_calibrators.x__y.ratio')).toMatchObject({ trainable: false, init: { value: 0.25 } });
    expect(find('_towers.x__y.layers.0.weight')?.group).toBe('x.y');
    expect(graph.groups).toEqual(['backbone', 'x.y']);
    expect(graph.nodes.find(({ kind }) => kind === 'loss')).toMatchObject({ task: 'x.y', posWeight: 3 });
  });

  it.each<[string, Partial<ModelInput>, string]>([
    [
      'what is not supported',
      { featurization_config: { z_score_log_config: { analysis_path: 'a' } } },
      'model.featurization_config.z_score_log_config',
    ],
    [
      'a reduction to nothing',
      {
        tasks: {
          a: {
            mask_net_config: {
              use_parallel: true,
              mask_blocks: [{ output_size: 1, input_layer_norm: false, reduction_factor: 0.01 }],
            },
          },
        },
      },
      'model.tasks.a.mask_net_config.mask_blocks.0.reduction_factor',
    ],
  ])('names the place of %s', (_, changes, path) => {
    try {
      build(model(changes));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(GraphError);
      expect((error as GraphError).path.join('.')).toBe(path);
    }
  });
});
