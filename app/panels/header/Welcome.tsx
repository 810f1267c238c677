/** What this page is, for who is here for the first time: before anything about the device. */
import { Button } from '../../parts/Button.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useSettings } from '../../session/context.tsx';
import { tour } from '../../stores/tour.ts';
import { welcomeTexts } from '../../texts/welcome.ts';

/** As settings remember that it was closed. */
const WELCOME = 'welcome';

export function useWelcomed(): boolean {
  return useSettings((state) => state.dismissed.includes(WELCOME));
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
