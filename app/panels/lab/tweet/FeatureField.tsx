/** One named feature: a switch for a flag, else a slider on the feature's own scale and a number. */
import type { CatalogueFeature } from '../../../../src/data/catalogue/catalogue.ts';
import { Button } from '../../../parts/Button.tsx';
import { classes } from '../../../parts/classes.ts';
import { Explained } from '../../../parts/Term.tsx';
import { NumberField } from '../../../parts/NumberField.tsx';
import { sliderToValue, valueToSlider } from '../numbers.ts';
import { significant } from '../../../format.ts';
import { tweetToolTexts } from '../../../texts/lab-tools.ts';
import styles from './FeatureField.module.css';

interface FeatureFieldProps {
  readonly feature: CatalogueFeature;
  readonly value: number;
  /** False where the model does not read it, or the tweet can't have it (a video's length without a video). */
  readonly usable: boolean;
  readonly changed: boolean;
  readonly onChange: (value: number) => void;
  readonly onReset: () => void;
}

export function FeatureField({ feature, value, usable, changed, onChange, onReset }: FeatureFieldProps) {
  const { label, meaning, name, unit, control } = feature;
  const about = (
    <>
      {meaning} <code>{name}</code>
      {!usable && ` ${tweetToolTexts.notRead}`}
    </>
  );
  const back = changed && (
    <Button
      look="quiet"
      className={styles.reset}
      aria-label={tweetToolTexts.resetOf(label)}
      title={tweetToolTexts.reset}
      onClick={onReset}
    >
      ↺
    </Button>
  );
  if (feature.tensor === 'binary') {
    return (
      <div className={classes(styles.flag, changed && styles.changed)} data-feature={name}>
        <input
          type="checkbox"
          checked={value !== 0}
          disabled={!usable}
          aria-label={label}
          onChange={(event) => onChange(event.target.checked ? 1 : 0)}
        />
        <Explained text={about}>{label}</Explained>
        {back}
      </div>
    );
  }
  return (
    <div className={classes(styles.field, changed && styles.changed)} data-feature={name}>
      <span className={styles.label}>
        <Explained text={about}>{label}</Explained>
        {label.toLowerCase() !== unit && <span className={styles.unit}>{unit}</span>}
        {back}
      </span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.001}
        value={valueToSlider(value, control.min, control.max, control.scale)}
        disabled={!usable}
        aria-label={label}
        aria-valuetext={tweetToolTexts.withUnit(significant(value, 4), unit)}
        onChange={(event) => onChange(sliderToValue(Number(event.target.value), control))}
      />
      <span>
        <NumberField
          small
          label={tweetToolTexts.valueOf(label)}
          value={Number(value.toPrecision(6))}
          min={control.min}
          max={Math.max(control.max, value)}
          marked={changed}
          disabled={!usable}
          onChange={onChange}
        />
      </span>
    </div>
  );
}
