import { useTranslations } from 'use-intl';
import { Empty } from '~/ui/Empty';

export default function PostersPage({ id }: { id?: string }) {
  const t = useTranslations('app');
  return <Empty key={id}>{t('posters')}</Empty>;
}
