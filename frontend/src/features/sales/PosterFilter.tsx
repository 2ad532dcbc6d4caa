import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { postersQuery } from '~/api/posters';
import { Select } from '~/ui/Select';

const any = 'any';

/** Narrows the sales to those that began at one poster; nothing where there are no posters. */
export function PosterFilter({ value, onChange }: { value: string; onChange: (poster: string) => void }) {
  const t = useTranslations('posters');
  const { data } = useQuery(postersQuery);
  const posters = data?.posters ?? [];
  if (posters.length === 0) return null;
  return (
    <Select
      label={t('filter')}
      value={value || any}
      onChange={(id) => onChange(id === any ? '' : id)}
      options={[
        { id: any, label: t('anyWay') },
        ...posters.map(({ id, code, name }) => ({ id, label: t('byPoster', { code, name }) })),
      ]}
    />
  );
}
