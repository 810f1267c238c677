import { describe, expect, it } from 'vitest';
import {
  affinity,
  authorEmbedding,
  createPopulation,
  userEmbedding,
  userEngEmbedding,
} from './population.ts';

const options = { users: 300, authors: 200, clusters: 6, seed: 5 };
const dims = { userEmbedding: 16, userEngEmbedding: 16, authorEmbedding: 16 };

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

describe('population', () => {
  it.each([8, 16, 200])('has embeddings of %i dimensions whose closeness is affinity', (dim) => {
    const population = createPopulation(options, {
      userEmbedding: dim,
      userEngEmbedding: dim,
      authorEmbedding: dim,
    });
    for (let user = 0; user < 300; user += 37) {
      for (let author = 0; author < 200; author += 23) {
        const both = userEmbedding(population, user).map(
          (x, i) => (x + userEngEmbedding(population, user)[i]!) / 2,
        );
        expect(dot(both, authorEmbedding(population, author)) / dim).toBeCloseTo(
          affinity(population, user, author),
          5,
        );
      }
    }
  });

  it('puts people of one community near each other and far from others', () => {
    const population = createPopulation(options, dims);
    let same = 0;
    let sameCount = 0;
    let other = 0;
    let otherCount = 0;
    for (let user = 0; user < 300; user++) {
      for (let author = 0; author < 200; author++) {
        if (population.userCluster[user] === population.authorCluster[author]) {
          same += affinity(population, user, author);
          sameCount++;
        } else {
          other += affinity(population, user, author);
          otherCount++;
        }
      }
    }
    expect(same / sameCount).toBeGreaterThan(0.4);
    expect(Math.abs(other / otherCount)).toBeLessThan(0.1);
  });

  it('keeps tastes the same whatever the width, and embeddings the same for a seed', () => {
    const narrow = createPopulation(options, dims);
    const wide = createPopulation(options, { userEmbedding: 32, userEngEmbedding: 8, authorEmbedding: 64 });
    expect(wide.userTastes).toEqual(narrow.userTastes);
    expect(createPopulation(options, dims)).toEqual(narrow);
    expect(createPopulation({ ...options, seed: 6 }, dims).userEmbeddings).not.toEqual(narrow.userEmbeddings);
  });

  it('lists each author in its community', () => {
    const population = createPopulation({ ...options, clusters: 40 }, dims);
    expect(population.authorsByCluster.flatMap((list) => [...list]).toSorted((a, b) => a - b)).toEqual([
      ...population.authorCluster.keys(),
    ]);
  });

  it('names an id or a count that makes no sense', () => {
    const population = createPopulation(options, dims);
    expect(() => affinity(population, 300, 0)).toThrow('There is no user 300: ids go from 0 to 299.');
    expect(() => authorEmbedding(population, -1)).toThrow(/author -1/);
    expect(() => createPopulation({ ...options, users: 0 }, dims)).toThrow(/users/);
  });

  it('works with no embedding at all', () => {
    const population = createPopulation(options, {
      userEmbedding: 0,
      userEngEmbedding: 0,
      authorEmbedding: 3,
    });
    expect(userEmbedding(population, 3)).toHaveLength(0);
    expect(authorEmbedding(population, 3).every(Number.isFinite)).toBe(true);
  });
});
