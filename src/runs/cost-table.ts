/** What each part of a model costs, and how fast a step can be on known devices. Pure. */
import { graphCost } from '../graph/cost.ts';
import type { ModelGraph } from '../graph/graph.ts';
import type { ModelPart } from '../graph/parts.ts';

export interface PartCost {
  readonly part: ModelPart;
  /** Of the whole model's operations, 0 to 1. */
  readonly share: number;
  /** Bytes that a step moves: weights, Adam's update, activations. */
  readonly bytes: number;
  /** Weights, gradients, moments and activations held. */
  readonly memory: number;
}

/** Adam's fused update reads weight, gradient and both moments, and writes weight and both moments: 7 floats. */
const ADAM_BYTES = 28;
/** Weights are read forward and for the inputs' gradients, and their gradient is written. */
const WEIGHT_BYTES = 12;
/** An activation is written, read by who follows, and again on the way back, where its gradient is written and read. */
const ACTIVATION_PASSES = 4;
/** Weight, gradient and two moments. */
const HELD_BYTES = 16;

export function partCosts(parts: readonly ModelPart[]): PartCost[] {
  const flops = parts.reduce((sum, { stepFlops }) => sum + stepFlops, 0);
  return parts.map((part) => ({
    part,
    share: flops === 0 ? 0 : part.stepFlops / flops,
    bytes: (ADAM_BYTES + WEIGHT_BYTES) * part.parameters + ACTIVATION_PASSES * part.activationBytes,
    memory: HELD_BYTES * part.parameters + part.activationBytes,
  }));
}

/** A device by what it can do: float32 operations and bytes of memory traffic a second. */
export interface Card {
  readonly name: string;
  readonly flops: number;
  readonly bandwidth: number;
}

export const CARDS: readonly Card[] = [
  { name: 'Laptop graphics', flops: 4e12, bandwidth: 120e9 },
  { name: 'NVIDIA RTX 4090', flops: 80e12, bandwidth: 1e12 },
  { name: 'NVIDIA H100', flops: 60e12, bandwidth: 3e12 },
];

export interface CardSpeed {
  readonly card: Card;
  /** Steps a second that no program can pass: products at the peak rate, then Adam at the peak bandwidth. */
  readonly limit: number;
  /** At half the peak rate and 85 % of the bandwidth, and with the time that starting some 45 kernels takes. */
  readonly expected: number;
}

/** Starting a kernel and waiting for the one before it (s), and how many a step of any of these models needs. */
const DISPATCH = 6e-6;
const DISPATCHES = 45;

/** The roofline of a step. @param batchSize rows of a training batch. */
export function cardSpeeds(graph: ModelGraph, batchSize: number): CardSpeed[] {
  const { forwardFlops, backwardFlops, parameters } = graphCost(graph, batchSize);
  const flops = forwardFlops + backwardFlops;
  return CARDS.map((card) => {
    const seconds = (rate: number, bandwidth: number) =>
      flops / (card.flops * rate) + (ADAM_BYTES * parameters) / (card.bandwidth * bandwidth);
    return {
      card,
      limit: 1 / seconds(1, 1),
      expected: 1 / (seconds(0.5, 0.85) + DISPATCH * DISPATCHES),
    };
  });
}
