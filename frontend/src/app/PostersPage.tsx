import { useLocation } from 'wouter';
import { TrainingPhone } from '~/features/phone/TrainingPhone';
import { PostersScreen } from '~/features/posters/PostersScreen';
import { PosterScreen } from '~/features/posters/PosterScreen';

/** The posters, or one of them, with the buyer's phone beside it in training. */
export default function PostersPage({ id }: { id?: string }) {
  const [, go] = useLocation();
  if (id === undefined) return <PostersScreen onMade={(poster) => go(`/posters/${poster.id}`)} />;
  return <PosterScreen id={id} phone={(page) => <TrainingPhone page={page} />} onBack={() => go('/posters')} />;
}
