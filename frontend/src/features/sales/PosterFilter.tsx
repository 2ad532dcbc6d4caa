import { useTranslations } from 'use-intl';
import type { Poster } from '~/api/types';
import { Select } from '~/ui/Select';

interface PosterFilterProps {
  posters: readonly Poster[];
  /** The poster's id, or nothing for every sale. */
  value: string;
  onChange: (poster: string) => void;
}

const any = 'any';

/** Narrows the sales to those that began at one poster. */
export default function PosterFilter({ posters, value, onChange }: PosterFilterProps) {
  const t = useTranslations('posters');
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
