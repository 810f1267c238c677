/**
 * Tweets → RecapBatch: named columns from the tweet (tweet-values.ts), noise in the columns without a name as synthetic
 * data has it, seeded by the tweet's id, embeddings of viewer and author from the synthetic population. A batch holds
 * features only: its labels are 0.
 */
import { catalogue } from '../data/catalogue/catalogue.ts';
import type { CatalogueFeature } from '../data/catalogue/catalogue.ts';
import { positionOf, type BatchLayout, type RecapBatch } from '../data/recap-batch.ts';
import { catalogueIndex, createFeatureModel } from '../data/synthesis/feature-model.ts';
import { createNoiseColumns } from '../data/synthesis/noise-columns.ts';
import { createPopulation } from '../data/synthesis/population.ts';
import { rowRandom } from '../data/synthesis/streams.ts';
import type { HandMadeRow } from '../data/synthesis/teacher.ts';
import type { TeacherConfig } from '../data/synthesis/teacher-config.ts';
import type { Tweet } from './tweets.ts';
import { populationAuthor, streamOf, TWEET_SEED, tweetValues } from './tweet-values.ts';
import type { TweetWorld } from './tweet-values.ts';

/** One row to predict: a tweet, with its named features or changed ones. */
export interface TweetRow {
  readonly tweet: Tweet;
  /** [catalogue.length] in catalogue order. */
  readonly values: Float32Array;
}

export interface TweetEncoder {
  readonly layout: BatchLayout;
  /** The viewer's id in the population. */
  readonly viewer: number;
  /** Whether the layout holds the feature's column, so that a model can read it. */
  reads(feature: CatalogueFeature): boolean;
  /** Raw named features of a tweet, in catalogue order. */
  values(tweet: Tweet): Float32Array;
  /** One row per tweet, in their order. */
  encode(tweets: readonly Tweet[]): RecapBatch;
  /** One row per entry; several may be of one tweet with different values, and then share its noise columns. */
  encodeRows(rows: readonly TweetRow[]): RecapBatch;
  /** The same tweets as the teacher reads them, for `teacherScores` and the teacher's order. */
  teacherRows(tweets: readonly Tweet[]): HandMadeRow[];
}

export interface TweetEncoderOptions {
  /** The viewer's id in the population; `typicalViewer` by default. */
  readonly viewer?: number;
}

/** The world of a teacher's configuration without the teacher: enough to encode tweets, and quicker to make. */
export function createTweetWorld(config: TeacherConfig, layout: BatchLayout): TweetWorld {
  const population = createPopulation(config, {
    userEmbedding: layout.userEmbedding,
    userEngEmbedding: layout.userEngEmbedding,
    authorEmbedding: layout.authorEmbedding,
  });
  return { config, population, featureModel: createFeatureModel(population, config.in_cluster_share) };
}

const VIEWERS_TRIED = 64;
const TYPICAL_LIKES = 20;
const viewerLikes = catalogueIndex.get(
  'user_aggregate_v2.pair.recap.engagement.is_favorited.any_feature.50.days.count',
)!;

/**
 * The viewer whom the samples are ranked for: of the population's first 64 the one whose likes in 50 days come nearest
 * to 20, an ordinary reader. The lowest id of equal ones.
 */
export function typicalViewer({ population, featureModel }: TweetWorld): number {
  const values = new Float32Array(catalogue.length);
  let best = 0;
  let distance = Infinity;
  for (let viewer = 0; viewer < Math.min(VIEWERS_TRIED, population.users); viewer++) {
    featureModel.draw(rowRandom(TWEET_SEED, 'candidates', 0, 'example'), viewer, 0, values);
    const away = Math.abs(values[viewerLikes]! - TYPICAL_LIKES);
    if (away < distance) [best, distance] = [viewer, away];
  }
  return best;
}

const namedContinuous = catalogue.filter((feature) => feature.tensor === 'continuous').length;

/**
 * An encoder of tweets for one layout. Pass the teacher as the world where there is one: the data that the model was
 * trained on and the tweets then share viewers, authors and noise.
 * @throws RangeError when the layout's embeddings differ from the world's or the viewer is not of its population
 */
export function createTweetEncoder(
  world: TweetWorld,
  layout: BatchLayout,
  options: TweetEncoderOptions = {},
): TweetEncoder {
  const { population, config } = world;
  const { viewer = typicalViewer(world) } = options;
  const masks = { continuous: layout.masks?.continuous ?? null, binary: layout.masks?.binary ?? null };
  for (const name of ['userEmbedding', 'userEngEmbedding', 'authorEmbedding'] as const) {
    if (layout[name] !== population.dims[name]) {
      throw new RangeError(
        `The layout's ${name} is ${layout[name]} wide and the world's ${population.dims[name]}: make the world for this layout.`,
      );
    }
  }
  if (!Number.isInteger(viewer) || viewer < 0 || viewer >= population.users) {
    throw new RangeError(`There is no viewer ${viewer}: ids go from 0 to ${population.users - 1}.`);
  }
  const rawWidth = (choice: Int32Array | null, width: number) =>
    choice ? choice.reduce((most, column) => Math.max(most, column + 1), 0) : width;
  const widths = {
    continuous: rawWidth(masks.continuous, layout.continuous),
    binary: rawWidth(masks.binary, layout.binary),
    discrete: layout.discrete,
  };
  const noise = createNoiseColumns(config.seed, widths);

  /** Unnamed columns of one tweet; the named ones at the front are written over per row. */
  function noiseOf(id: string) {
    const stream = streamOf(id);
    const continuous = new Float32Array(widths.continuous);
    const binary = new Float32Array(widths.binary);
    const discrete = new Float32Array(widths.discrete);
    const random = (part: 'continuous' | 'binary' | 'discrete') =>
      rowRandom(TWEET_SEED, 'candidates', stream, part);
    noise.continuous(random('continuous'), continuous, 0, namedContinuous, widths.continuous);
    noise.binary(random('binary'), binary, 0, catalogue.length - namedContinuous, widths.binary);
    noise.discrete(random('discrete'), discrete, 0, widths.discrete);
    return { continuous, binary, discrete };
  }

  function encodeRows(rows: readonly TweetRow[]): RecapBatch {
    const matrix = (width: number) => new Float32Array(rows.length * width);
    const batch: RecapBatch = {
      size: rows.length,
      continuous: matrix(layout.continuous),
      binary: matrix(layout.binary),
      discrete: matrix(layout.discrete),
      userEmbedding: matrix(layout.userEmbedding),
      userEngEmbedding: matrix(layout.userEngEmbedding),
      authorEmbedding: matrix(layout.authorEmbedding),
      labels: matrix(layout.tasks.length),
      weights: null,
    };
    const noises = new Map<string, ReturnType<typeof noiseOf>>();
    rows.forEach(({ tweet, values }, r) => {
      const own = noises.get(tweet.id) ?? noiseOf(tweet.id);
      noises.set(tweet.id, own);
      own.continuous.set(values.subarray(0, Math.min(namedContinuous, widths.continuous)));
      own.binary.set(values.subarray(namedContinuous, namedContinuous + widths.binary));
      writeColumns(own.continuous, masks.continuous, batch.continuous, r * layout.continuous);
      writeColumns(own.binary, masks.binary, batch.binary, r * layout.binary);
      batch.discrete.set(own.discrete, r * layout.discrete);
      const author = populationAuthor(population, tweet.author);
      copyRow(population.userEmbeddings, layout.userEmbedding, viewer, batch.userEmbedding, r);
      copyRow(population.userEngEmbeddings, layout.userEngEmbedding, viewer, batch.userEngEmbedding, r);
      copyRow(population.authorEmbeddings, layout.authorEmbedding, author, batch.authorEmbedding, r);
    });
    return batch;
  }

  const values = (tweet: Tweet) => tweetValues(tweet, world, viewer);
  return {
    layout,
    viewer,
    reads: ({ tensor, column }) => positionOf(layout, tensor, column) >= 0,
    values,
    encodeRows,
    encode: (tweets) => encodeRows(tweets.map((tweet) => ({ tweet, values: values(tweet) }))),
    teacherRows: (tweets) =>
      tweets.map((tweet) => {
        const row = values(tweet);
        return {
          features: Object.fromEntries(catalogue.map(({ name }, at) => [name, row[at]!])),
          userId: viewer,
          authorId: populationAuthor(population, tweet.author),
        };
      }),
  };
}

function writeColumns(raw: Float32Array, choice: Int32Array | null, out: Float32Array, offset: number) {
  if (!choice) out.set(raw, offset);
  else for (let c = 0; c < choice.length; c++) out[offset + c] = raw[choice[c]!]!;
}

function copyRow(table: Float32Array, width: number, id: number, out: Float32Array, row: number): void {
  out.set(table.subarray(id * width, (id + 1) * width), row * width);
}
