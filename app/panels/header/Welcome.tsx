/** What this page is, for who is here for the first time: before anything about the device. */
import { useStore } from 'zustand';
import { Button } from '../../parts/Button.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useSettings } from '../../session/context.tsx';
import { tour } from '../../stores/tour.ts';
import { welcomeTexts } from '../../texts/welcome.ts';

/** As settings remember that it was closed. */
const WELCOME = 'welcome';

/** Whether nothing of this is to be said: it was closed, or the tour says more. */
export function useWelcomed(): boolean {
  const closed = useSettings((state) => state.dismissed.includes(WELCOME));
  const toured = useStore(tour, (state) => state.active);
  return closed || toured;
}

export function Welcome() {
  const dismiss = useSettings((state) => state.dismiss);
  return (
    <Notice
      tone="info"
      title={welcomeTexts.title}
      onClose={() => dismiss(WELCOME)}
      actions={
        <Button
          onClick={() => {
            dismiss(WELCOME);
            tour.getState().start();
          }}
        >
          {welcomeTexts.tour}
        </Button>
      }
    >
      {welcomeTexts.text}
    </Notice>
  );
}
