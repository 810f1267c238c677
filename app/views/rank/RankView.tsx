/** The ranking with its tools: why a tweet stands where it does, and what would move it. */
import Lab from '../../panels/lab/Lab.tsx';
import { Part } from '../../parts/Part.tsx';
import { pageTexts } from '../../texts/page.ts';

export default function RankView() {
  return (
    <Part name={pageTexts.parts.lab}>
      <Lab />
    </Part>
  );
}
