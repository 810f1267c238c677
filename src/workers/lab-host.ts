/**
 * What the lab worker does: tweets to features, the teacher's opinion, sensitivity, lifts, and large candidate sets, all
 * of which would hold up the page. The model stays in the training worker; predictions come over a port.
 */
import { catalogue } from '../data/catalogue/catalogue.ts';
import { transferables } from '../data/recap-batch.ts';
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import { createTeacher, teacherScores } from '../data/synthesis/teacher.ts';
import type { Teacher } from '../data/synthesis/teacher.ts';
import type { TeacherConfig } from '../data/synthesis/teacher-config.ts';
import { generateCandidates } from '../ranking/candidates/candidates.ts';
import type { Candidate } from '../ranking/heuristics/heuristic.ts';
import { rank } from '../ranking/rank.ts';
import type { ProbabilityTable } from '../ranking/score.ts';
import { sensitivity } from '../ranking/sensitivity.ts';
import type { PredictMany } from '../ranking/sensitivity.ts';
import { smallestLift } from '../ranking/smallest-lift.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import type { TweetEncoder } from '../ranking/tweet-features.ts';
import { applies } from '../ranking/tweet-values.ts';
import { candidateOf } from '../ranking/tweets.ts';
import type { Tweet } from '../ranking/tweets.ts';
import type { LabProtocol, ModelProtocol, PredictedTweets } from './lab-protocol.ts';
import type { WeightsAt } from './protocol.ts';
import { RpcClient, Transfer } from './rpc.ts';
import type { Handlers } from './rpc.ts';

interface World {
  readonly layout: BatchLayout;
  readonly encoder: TweetEncoder;
  readonly model: RpcClient<ModelProtocol>;
  readonly port: MessagePort;
  /** Calibrated when first asked for: that takes about a second. */
  readonly teacher: () => Teacher;
}

interface CandidateSet {
  readonly candidates: readonly Candidate[];
  readonly probabilities: ProbabilityTable;
}

function createWorld(config: TeacherConfig, layout: BatchLayout, port: MessagePort): World {
  const encoder = createTweetEncoder(createTweetWorld(config, layout), layout);
  let teacher: Teacher | null = null;
  const model = new RpcClient<ModelProtocol>(port);
  port.start();
  return { layout, encoder, model, port, teacher: () => (teacher ??= createTeacher(config, layout)) };
}

export function labHandlers(): Handlers<LabProtocol> {
  let world: World | null = null;
  let set: CandidateSet | null = null;

  const current = (): World => {
    if (!world) throw new Error('The lab has no world yet: open one first.');
    return world;
  };
  const ask = async (model: World['model'], batch: RecapBatch, at: WeightsAt): Promise<Float32Array> =>
    (await model.call('predict', { batch, at }, { transfer: transferables(batch) })).calibrated;
  const predictMany =
    ({ model, layout }: World, at: WeightsAt): PredictMany =>
    async (batch) => ({ tasks: layout.tasks, values: await ask(model, batch, at) });
  const predict = async (tweets: readonly Tweet[], at: WeightsAt): Promise<PredictedTweets> => {
    const { encoder, model } = current();
    const start = performance.now();
    const batch = encoder.encode(tweets);
    const encoded = performance.now();
    const values = await ask(model, batch, at);
    return { values, encodeMs: encoded - start, modelMs: performance.now() - encoded };
  };

  return {
    async open({ teacher, layout, model }) {
      world?.port.close();
      set = null;
      world = createWorld(teacher, layout, model);
      return null;
    },

    predict: ({ tweets, at }) => predict(tweets, at),

    async teacher({ tweets }) {
      const { teacher, encoder, layout } = current();
      return teacherScores(teacher(), encoder.teacherRows(tweets), layout.tasks);
    },

    async values({ tweet }) {
      const { encoder } = current();
      const values = encoder.values(tweet);
      return {
        values,
        usable: catalogue.map((feature, at) => encoder.reads(feature) && applies(values, at)),
      };
    },

    sensitivity: ({ tweet, at, weights }) => {
      const here = current();
      return sensitivity(tweet, here.encoder, predictMany(here, at), weights);
    },

    lift: ({ at, ...options }) => {
      const here = current();
      return smallestLift({ ...options, encoder: here.encoder, predictMany: predictMany(here, at) });
    },

    async candidates({ seed, count, at }) {
      const tweets = generateCandidates(seed, count);
      const predicted = await predict(tweets, at);
      set = {
        candidates: tweets.map(candidateOf),
        probabilities: { tasks: current().layout.tasks, values: predicted.values },
      };
      return { ...predicted, tweets };
    },

    async rankCandidates({ weights, steps }) {
      if (!set) throw new Error('There are no candidates yet: generate them first.');
      const start = performance.now();
      const { ranked, dropped } = rank(set.candidates, set.probabilities, weights, steps);
      const count = set.candidates.length;
      const scores = new Float64Array(count);
      const ranksBefore = new Int32Array(count);
      const reasons = Array.from({ length: count }, () => '');
      for (const entry of [...ranked, ...dropped]) {
        scores[entry.index] = entry.score;
        ranksBefore[entry.index] = entry.rankBefore;
        reasons[entry.index] = entry.reason ?? '';
      }
      const order = Int32Array.from(ranked, ({ index }) => index);
      const gone = Int32Array.from(dropped, ({ index }) => index);
      const rankMs = performance.now() - start;
      return new Transfer({ order, dropped: gone, scores, ranksBefore, reasons, rankMs }, [
        order.buffer,
        gone.buffer,
        scores.buffer,
        ranksBefore.buffer,
      ]);
    },
  };
}
