import { useLocation } from 'wouter';
import { WelcomeScreen } from '~/features/welcome/WelcomeScreen';
import { usePreferences } from '~/ui/preferences';

export default function WelcomePage() {
  const [, go] = useLocation();
  const { change } = usePreferences();
  const leave = (place: string) => {
    change({ welcomed: true });
    go(place, { replace: true });
  };
  return <WelcomeScreen onPractise={() => leave('/sell')} onConnect={() => leave('/settings/stripe')} />;
}
