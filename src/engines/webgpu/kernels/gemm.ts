/**
 * Matrix products C(i, j) = Σₚ A(i, p)·B(p, j) in the three forms of a linear layer with weights [out, in]:
 * NT forward (x·Wᵀ), NN input gradient (dy·W), TN weight gradient (dyᵀ·x). This file holds what the variants share; the
 * variants themselves are gemm-direct.ts (no workgroup memory, for software adapters) and gemm-tiled.ts (for GPUs).
 */
import { directGemm, type DirectVariant } from './gemm-direct.ts';
import { tiledGemm, type TiledVariant } from './gemm-tiled.ts';
import type { Epilogue } from './epilogue.ts';
import type { Kernel } from './kernel.ts';
import type { GemmProblem } from './gemm-problem.ts';

export type { GemmProblem } from './gemm-problem.ts';

export type GemmVariant = DirectVariant | TiledVariant;

/** @returns the kernel with bindings a, b and the epilogue's. */
export function gemm(problem: GemmProblem, epilogue: Epilogue, variant: GemmVariant): Kernel {
  return variant.kind === 'direct'
    ? directGemm(problem, epilogue, variant)
    : tiledGemm(problem, epilogue, variant);
}
