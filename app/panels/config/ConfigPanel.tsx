/** The configuration: presets, the YAML editor, its problems, and the model's size in one line. */
import { Suspense, useRef } from 'react';
import { ActionButton } from '../../actions/ActionButton.tsx';
import { take } from '../../actions/take.ts';
import { resetConfigAction, saveConfigAction } from '../../actions/config-actions.ts';
import { Select } from '../../parts/Field.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useConfig, useSession } from '../../session/context.tsx';
import styles from './ConfigPanel.module.css';
import type { EditorHandle } from './YamlEditor.tsx';
import { ModelFacts } from './ModelFacts.tsx';
import { ProblemList } from './ProblemList.tsx';
import { retryable } from '../../parts/retryable.ts';

const Suggestions = retryable(() => import('./Suggestions.tsx'));
const YamlEditor = retryable(() => import('./YamlEditor.tsx'));

export function ConfigPanel() {
  const session = useSession();
  const presets = useConfig((state) => state.presets);
  const name = useConfig((state) => state.name);
  const text = useConfig((state) => state.text);
  const editor = useRef<EditorHandle>(null);
  const own = presets.some(({ file }) => file === name) ? [] : [{ value: name, label: name }];
  const { choosePreset } = session.config.getState();
  return (
    <Panel
      id="config"
      className={styles.panel}
      title="Configuration"
      tools={
        <>
          <FileButton
            label="Open"
            title="Open a YAML file"
            onFiles={(files) => void take(session, files, 'config')}
          />
          <ActionButton action={saveConfigAction} look="quiet" hint="Save the text as a file" />
          <ActionButton action={resetConfigAction} look="quiet" hint={`Back to ${name} as it was`} />
        </>
      }
    >
      <div className={styles.head}>
        <Select
          label="Preset"
          hideLabel
          value={name}
          options={[
            ...own,
            ...presets.map(({ file, title }) => ({ value: file, label: `${title} · ${file}` })),
          ]}
          onChange={choosePreset}
        />
        <ModelFacts />
        <Suspense fallback={<p className={styles.suggestions} aria-hidden="true" />}>
          <Suggestions />
        </Suspense>
      </div>
      <div className={styles.editor}>
        <Suspense fallback={<pre className={styles.loading}>{text}</pre>}>
          <YamlEditor ref={editor} />
        </Suspense>
      </div>
      <ProblemList onGo={(problem) => editor.current?.go(problem.from, problem.to)} />
    </Panel>
  );
}
