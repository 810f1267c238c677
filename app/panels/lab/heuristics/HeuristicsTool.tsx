/** What happens after the score: the dated presets, each step a switch with its constants, the order before and after. */
import { heuristicPreset } from '../../../../src/ranking/heuristics/presets.ts';
import type { HeuristicStep } from '../../../../src/ranking/heuristics/presets.ts';
import { heuristicById } from '../../../../src/ranking/heuristics/registry.ts';
import { ActionButton } from '../../../actions/ActionButton.tsx';
import { resetStepsAction } from '../../../actions/ranking-actions.ts';
import { classes } from '../../../parts/classes.ts';
import { Check } from '../../../parts/Field.tsx';
import { Section } from '../../../parts/Panel.tsx';
import { Explained } from '../../../parts/Term.tsx';
import type { TweetEntry, TweetView } from '../../../stores/pins.ts';
import { useScoring, useSession } from '../../../session/context.tsx';
import { useRanked } from '../../ranking/use-ranked.tsx';
import { NumberField } from '../../../parts/NumberField.tsx';
import { HeuristicsSelect } from '../../ranking/RankingSelects.tsx';
import { Waiting } from '../Waiting.tsx';
import { BeforeAfter } from './BeforeAfter.tsx';
import { heuristicsToolTexts } from '../../../texts/lab-tools.ts';
import styles from './HeuristicsTool.module.css';

export default function HeuristicsTool() {
  const state = useRanked();
  const preset = useScoring((scoring) => scoring.preset);
  const steps = useScoring((scoring) => scoring.steps);
  return (
    <>
      <Section title={heuristicsToolTexts.title}>
        <div className={styles.presets}>
          <HeuristicsSelect hideLabel className={styles.select} />
          <ActionButton action={resetStepsAction}>{heuristicsToolTexts.reset}</ActionButton>
        </div>
        <p className={styles.note}>{heuristicsToolTexts.note(heuristicPreset(preset).note)}</p>
        {steps.length > 0 && (
          <ol className={styles.steps}>
            {steps.map((step) => (
              <Step key={step.id} step={step} order={state.kind === 'order' ? state.order : null} />
            ))}
          </ol>
        )}
      </Section>
      {state.kind === 'order' ? <BeforeAfter order={state.order} /> : <Waiting />}
    </>
  );
}

function Step({ step, order }: { step: HeuristicStep; order: TweetView | null }) {
  const { scoring } = useSession();
  const preset = useScoring((scoring) => scoring.preset);
  const { setStep, setConstant } = scoring.getState();
  const { label, meaning, constants } = heuristicById(step.id);
  const original = heuristicPreset(preset).steps.find(({ id }) => id === step.id);
  return (
    <li className={classes(styles.step, !step.enabled && styles.off)} data-step={step.id}>
      <div className={styles.stepHead}>
        <Check label={label} checked={step.enabled} onChange={(enabled) => setStep(step.id, { enabled })} />
        <Explained text={meaning}>{heuristicsToolTexts.whatItDoes}</Explained>
        <span className={styles.effect}>{order && step.enabled && effect(step.id, order)}</span>
      </div>
      {constants.length > 0 && (
        <div className={styles.constants}>
          {constants.map((spec) => {
            const value = step.constants[spec.name] ?? spec.default;
            const marked = value !== (original?.constants[spec.name] ?? spec.default);
            if (spec.kind === 'flag') {
              return (
                <Check
                  key={spec.name}
                  label={spec.label}
                  checked={value !== 0}
                  onChange={(on) => setConstant(step.id, spec.name, on ? 1 : 0)}
                />
              );
            }
            return (
              <label key={spec.name} className={styles.constant}>
                <span>{spec.label}</span>
                <input
                  type="range"
                  min={spec.min}
                  max={spec.max}
                  step={spec.step}
                  value={value}
                  disabled={!step.enabled}
                  aria-label={heuristicsToolTexts.constantOf(label, spec.label)}
                  onChange={(event) => setConstant(step.id, spec.name, Number(event.target.value))}
                />
                <NumberField
                  small
                  label={heuristicsToolTexts.constantAsNumber(label, spec.label)}
                  value={value}
                  min={spec.min}
                  max={spec.max}
                  marked={marked}
                  disabled={!step.enabled}
                  onChange={(next) => setConstant(step.id, spec.name, next)}
                />
              </label>
            );
          })}
        </div>
      )}
    </li>
  );
}

/** How many tweets a step touched, in words. */
function effect(id: string, { ranked, dropped }: TweetView): string {
  const touched = (kind: string): number =>
    [...ranked, ...dropped].filter(({ scored }: TweetEntry) =>
      scored.events.some((event) => event.step === id && event.kind === kind),
    ).length;
  const parts = (['scaled', 'moved', 'dropped'] as const).flatMap((kind) => {
    const n = touched(kind);
    return n > 0 ? [heuristicsToolTexts.effects[kind](n)] : [];
  });
  return parts.length > 0 ? parts.join(', ') : heuristicsToolTexts.noEffect;
}
