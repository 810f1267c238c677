/** The configuration: presets, the YAML editor, its problems, and the model's size in one line. */
import { Suspense, useRef } from 'react';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { take } from '../../actions/take.ts';
import { resetConfigAction, saveConfigAction } from '../../actions/config-actions.ts';
import { Select } from '../../parts/Field.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Panel } from '../../parts/Panel.tsx';
import type { EditorHandle } from '../../parts/TextEditor.tsx';
import { useConfig, useSession } from '../../session/context.tsx';
import { configTexts } from '../../texts/config.ts';
import styles from './ConfigPanel.module.css';
import { ModelFacts } from './ModelFacts.tsx';
import { ProblemList } from './ProblemList.tsx';
import { later } from '../../parts/later.ts';

const Suggestions = later(() => import('./Suggestions.tsx'));
const YamlEditor = later(() => import('./YamlEditor.tsx'));

export function ConfigPanel() {
  const session = useSession();
  const presets = useConfig((state) => state.presets);
  const name = useConfig((state) => state.name);
  const text = useConfig((state) => state.text);
  const original = useConfig((state) => state.original);
  const editor = useRef<EditorHandle>(null);
  const edited = text === original ? '' : configTexts.edited;
  const own = presets.some(({ file }) => file === name) ? [] : [{ value: name, label: `${name}${edited}` }];
  const { choosePreset } = session.config.getState();
  return (
    <Panel
      id="config"
      className={styles.panel}
      title={configTexts.title}
      tools={
        <>
          <FileButton
            label={configTexts.open}
            title={configTexts.openHint}
            onFiles={(files) => void take(session, files, 'config')}
          />
          <ActionButton action={saveConfigAction} look="quiet" hint={configTexts.saveHint} />
          <ActionButton action={resetConfigAction} look="quiet" hint={configTexts.resetHint(name)} />
        </>
      }
    >
      <div className={styles.head}>
        <Select
          label={configTexts.preset}
          hideLabel
          value={name}
          options={[
            ...own,
            ...presets.map(({ file, title }) => ({
              value: file,
              label: `${configTexts.presetOf(title, file)}${file === name ? edited : ''}`,
            })),
          ]}
          onChange={choosePreset}
        />
        <ModelFacts />
        <Suspense fallback={<p className={styles.suggestions} aria-hidden="true" />}>
          <Suggestions />
        </Suspense>
      </div>
      <div className={styles.editor}>
        <Suspense
          fallback={
            <pre className={styles.loading} data-excerpt>
              {text}
            </pre>
          }
        >
          <YamlEditor ref={editor} />
        </Suspense>
      </div>
      <ProblemList onGo={(problem) => editor.current?.go(problem.from, problem.to)} />
    </Panel>
  );
}
