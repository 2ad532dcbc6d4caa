import { useLocation } from 'wouter';
import { WelcomeScreen } from '~/features/welcome/WelcomeScreen';
import { usePreferences } from '~/ui/preferences';

export default function WelcomePage() {
  const [, go] = useLocation();
  const { change } = usePreferences();
  return (
    <WelcomeScreen
      onPractise={() => {
        change({ welcomed: true });
        go('/sell', { replace: true });
      }}
    />
  );
}
