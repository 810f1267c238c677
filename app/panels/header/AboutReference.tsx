/** What the playground rebuilds, and what it does otherwise because the published code gets it wrong. */
import { Phrase } from '../../parts/Phrase.tsx';
import { aboutTexts } from '../../texts/about.ts';

const CODE = {
  validation_data: <code>validation_data</code>,
  checkpoint_max_to_keep: <code>checkpoint_max_to_keep</code>,
};

export function AboutReference() {
  return (
    <>
      <p>{aboutTexts.what}</p>
      <h3>{aboutTexts.wrongTitle}</h3>
      <ul>
        {aboutTexts.wrong.map(({ what, text }) => (
          <li key={what}>
            <Phrase text={text} parts={{ ...CODE, what: <strong>{what}</strong> }} />
          </li>
        ))}
      </ul>
      <h3>{aboutTexts.ownTitle}</h3>
      <p>{aboutTexts.own}</p>
    </>
  );
}
