/** The batch-independent part of compilation, shared by all plans of an engine, and what a plan may choose. */
import type { ModelGraph } from '../../../graph/graph.ts';
import type { Epilogue } from '../kernels/epilogue.ts';
import type { GemmProblem, GemmVariant } from '../kernels/gemm.ts';
import type { FusedGraph } from './fuse-layers.ts';
import { fuseLayers } from './fuse-layers.ts';
import type { LayerGroup } from './group-layers.ts';
import { groupLayers } from './group-layers.ts';
import type { ParameterLayout } from './parameters.ts';
import { layoutParameters } from './parameters.ts';
import type { Placement } from './placement.ts';
import { placeValues } from './placement.ts';

export interface CompiledModel {
  readonly graph: ModelGraph;
  readonly fused: FusedGraph;
  readonly groups: readonly LayerGroup[];
  readonly layout: ParameterLayout;
  readonly placement: Placement;
}

export function compileModel(graph: ModelGraph): CompiledModel {
  const fused = fuseLayers(graph);
  const groups = groupLayers(fused.layers);
  return {
    graph,
    fused,
    groups,
    layout: layoutParameters(graph, groups),
    placement: placeValues(groups),
  };
}

/** Picks a kernel variant for a product; the tuner's choice. */
export type ChooseVariant = (problem: GemmProblem, epilogue: Epilogue['kind']) => GemmVariant;

export interface PlanOptions {
  readonly software: boolean;
  readonly choose: ChooseVariant;
  /** Products read half-precision copies of the weights, which Adam keeps in step with the weights themselves. */
  readonly halfWeights: boolean;
  /** Kernels that take long to compile bring one that is ready sooner. */
  readonly quickStart?: boolean;
}
