/**
 * Population: viewers and authors from communities, with embeddings in which closeness means affinity. Each has a taste, a
 * unit vector of eight dimensions near its community's centre; embeddings are rotations of tastes into any number of
 * dimensions, the same rotation for viewers and authors, so dot products of embeddings are those of tastes.
 */
import { Random } from '../random.ts';

export interface PopulationOptions {
  readonly users: number;
  readonly authors: number;
  readonly clusters: number;
  readonly seed: number;
}

/** Widths of the three embeddings. RecapBatch's layout has these fields too. */
export interface EmbeddingDims {
  readonly userEmbedding: number;
  readonly userEngEmbedding: number;
  readonly authorEmbedding: number;
}

export interface Population extends PopulationOptions {
  readonly dims: EmbeddingDims;
  /** Community of each viewer and author, 0 … clusters − 1. */
  readonly userCluster: Uint16Array;
  readonly authorCluster: Uint16Array;
  /** Author ids by community. */
  readonly authorsByCluster: readonly Int32Array[];
  /** [users, dims.userEmbedding]: whom the viewer follows. */
  readonly userEmbeddings: Float32Array;
  /** [users, dims.userEngEmbedding]: whom the viewer engages with, near but not the same. */
  readonly userEngEmbeddings: Float32Array;
  /** [authors, dims.authorEmbedding]. */
  readonly authorEmbeddings: Float32Array;
  /** [users, TASTE] and [authors, TASTE]: affinity is their dot product. */
  readonly userTastes: Float64Array;
  readonly authorTastes: Float64Array;
}

/** Dimensions of a taste. Embeddings narrower than this lose part of the affinity. */
export const TASTE = 8;

const FOLLOW_SPREAD = 0.45;
const ENGAGEMENT_SPREAD = 0.25;

// Streams of the population's seed.
const STREAM = { centres: 1, users: 2, authors: 3, rotation: 1000 };

function normalize(v: Float64Array): void {
  let square = 0;
  for (const x of v) square += x * x;
  const scale = 1 / Math.sqrt(square > 0 ? square : 1);
  for (let i = 0; i < v.length; i++) v[i]! *= scale;
}

/** centre + spread·noise, on the unit sphere. */
function near(centre: Float64Array, spread: number, random: Random): Float64Array {
  const scale = spread / Math.sqrt(TASTE);
  const v = centre.map((x) => x + scale * 2 * random.normal());
  normalize(v);
  return v;
}

/** Unit vectors; the first TASTE of them orthogonal, so that few communities are well apart. */
function makeCentres(clusters: number, random: Random): Float64Array[] {
  const centres: Float64Array[] = [];
  for (let c = 0; c < clusters; c++) {
    const v = Float64Array.from({ length: TASTE }, () => random.normal());
    if (c < TASTE) removeComponents(v, centres);
    normalize(v);
    centres.push(v);
  }
  return centres;
}

function removeComponents(v: Float64Array, basis: readonly Float64Array[]): void {
  // Twice, because one pass of Gram–Schmidt leaves rounding behind.
  for (let pass = 0; pass < 2; pass++) {
    for (const b of basis) {
      let dot = 0;
      for (let i = 0; i < v.length; i++) dot += v[i]! * b[i]!;
      for (let i = 0; i < v.length; i++) v[i]! -= dot * b[i]!;
    }
  }
}

/** TASTE rows of `dim` columns, orthonormal where dim allows, times √dim so that entries are about 1. */
function makeRotation(dim: number, seed: number): Float64Array[] {
  const random = new Random(seed, STREAM.rotation + dim);
  const rows: Float64Array[] = [];
  for (let r = 0; r < TASTE; r++) {
    const v = Float64Array.from({ length: dim }, () => random.normal());
    if (r < dim) removeComponents(v, rows);
    normalize(v);
    rows.push(v);
  }
  return rows.map((row) => row.map((x) => x * Math.sqrt(dim)));
}

function embed(
  taste: Float64Array,
  rotation: readonly Float64Array[],
  out: Float32Array,
  offset: number,
): void {
  const dim = rotation[0]!.length;
  for (let d = 0; d < dim; d++) {
    let sum = 0;
    for (let r = 0; r < TASTE; r++) sum += taste[r]! * rotation[r]![d]!;
    out[offset + d] = sum;
  }
}

/**
 * Draws a population. The same options give the same bytes anywhere; tastes do not depend on `dims`.
 * @throws RangeError when a count is no positive integer.
 */
export function createPopulation(options: PopulationOptions, dims: EmbeddingDims): Population {
  const { users, authors, clusters, seed } = options;
  for (const [name, value] of Object.entries({ users, authors, clusters })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`A population needs at least one of its ${name}, got ${value}.`);
  }
  const centres = makeCentres(clusters, new Random(seed, STREAM.centres));
  const userRotation = makeRotation(dims.userEmbedding, seed);
  const engRotation = makeRotation(dims.userEngEmbedding, seed);
  const authorRotation = makeRotation(dims.authorEmbedding, seed);

  const userCluster = new Uint16Array(users);
  const userTastes = new Float64Array(users * TASTE);
  const userEmbeddings = new Float32Array(users * dims.userEmbedding);
  const userEngEmbeddings = new Float32Array(users * dims.userEngEmbedding);
  const userRandom = new Random(seed, STREAM.users);
  for (let u = 0; u < users; u++) {
    const cluster = userRandom.int(clusters);
    userCluster[u] = cluster;
    const follow = near(centres[cluster]!, FOLLOW_SPREAD, userRandom);
    const engagement = near(follow, ENGAGEMENT_SPREAD, userRandom);
    embed(follow, userRotation, userEmbeddings, u * dims.userEmbedding);
    embed(engagement, engRotation, userEngEmbeddings, u * dims.userEngEmbedding);
    for (let i = 0; i < TASTE; i++) userTastes[u * TASTE + i] = (follow[i]! + engagement[i]!) / 2;
  }

  const authorCluster = new Uint16Array(authors);
  const authorTastes = new Float64Array(authors * TASTE);
  const authorEmbeddings = new Float32Array(authors * dims.authorEmbedding);
  const authorRandom = new Random(seed, STREAM.authors);
  for (let a = 0; a < authors; a++) {
    const cluster = authorRandom.int(clusters);
    authorCluster[a] = cluster;
    const taste = near(centres[cluster]!, FOLLOW_SPREAD, authorRandom);
    embed(taste, authorRotation, authorEmbeddings, a * dims.authorEmbedding);
    authorTastes.set(taste, a * TASTE);
  }
  const authorsByCluster = centres.map((_, cluster) =>
    Int32Array.from([...authorCluster.keys()].filter((a) => authorCluster[a] === cluster)),
  );
  return {
    ...options,
    dims,
    userCluster,
    authorCluster,
    authorsByCluster,
    userEmbeddings,
    userEngEmbeddings,
    authorEmbeddings,
    userTastes,
    authorTastes,
  };
}

function checkId(kind: string, id: number, count: number): void {
  if (!Number.isInteger(id) || id < 0 || id >= count) {
    throw new RangeError(`There is no ${kind} ${id}: ids go from 0 to ${count - 1}.`);
  }
}

/**
 * Closeness of a viewer's and an author's taste, −1 … 1.
 * @throws RangeError when an id is not of this population.
 */
export function affinity(population: Population, user: number, author: number): number {
  checkId('user', user, population.users);
  checkId('author', author, population.authors);
  let dot = 0;
  for (let i = 0; i < TASTE; i++) {
    dot += population.userTastes[user * TASTE + i]! * population.authorTastes[author * TASTE + i]!;
  }
  return dot;
}

const row = (table: Float32Array, width: number, id: number) => table.subarray(id * width, (id + 1) * width);

/** A view of one viewer's follow embedding [dims.userEmbedding]. @throws RangeError on an unknown id. */
export function userEmbedding(population: Population, user: number): Float32Array {
  checkId('user', user, population.users);
  return row(population.userEmbeddings, population.dims.userEmbedding, user);
}

/** A view of one viewer's engagement embedding [dims.userEngEmbedding]. @throws RangeError on an unknown id. */
export function userEngEmbedding(population: Population, user: number): Float32Array {
  checkId('user', user, population.users);
  return row(population.userEngEmbeddings, population.dims.userEngEmbedding, user);
}

/** A view of one author's embedding [dims.authorEmbedding]. @throws RangeError on an unknown id. */
export function authorEmbedding(population: Population, author: number): Float32Array {
  checkId('author', author, population.authors);
  return row(population.authorEmbeddings, population.dims.authorEmbedding, author);
}
