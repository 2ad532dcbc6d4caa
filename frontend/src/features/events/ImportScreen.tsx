import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { importableQuery, type Importable } from '~/api/events';
import { Button } from '~/ui/Button';
import { Checkbox } from '~/ui/Checkbox';
import { Empty } from '~/ui/Empty';
import { Price } from '~/ui/Price';
import { ProblemCard } from '~/ui/ProblemCard';
import styles from './Editor.module.css';

interface ImportScreenProps {
  onBack: () => void;
  onPick: (products: readonly Importable[]) => void;
}

/** What Stripe sells already, to be ticked; the rest is asked for as of any new event. */
export function ImportScreen({ onBack, onPick }: ImportScreenProps) {
  const t = useTranslations('events');
  const { data: products, error, refetch } = useQuery(importableQuery);
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const picked = (products ?? []).filter(({ priceId }) => ticked.includes(priceId));
  return (
    <div className={styles.editor}>
      <div className={styles.page}>
        <header className={styles.head}>
          <Button look="quiet" icon="back" onPress={onBack}>
            {t('back')}
          </Button>
          <h1>{t('importTitle')}</h1>
        </header>
        <p>{t('importNote')}</p>
        {error && <ProblemCard error={error} onRemedy={() => void refetch()} />}
        {!products && !error && <p role="status">{t('importAsking')}</p>}
        {products?.length === 0 && <Empty>{t('importNone')}</Empty>}
        <ul className={styles.rows}>
          {products?.map((product) => (
            <li key={product.priceId} className={styles.card}>
              <Checkbox
                isOn={ticked.includes(product.priceId)}
                isDisabled={product.used}
                onChange={(isOn) => {
                  const others = ticked.filter((id) => id !== product.priceId);
                  setTicked(isOn ? [...others, product.priceId] : others);
                }}
              >
                <span className={styles.product}>
                  <strong>{product.name}</strong>
                  <span>{product.price ? <Price amount={product.price} /> : t('importOpen')}</span>
                  {product.description && <span className={styles.note}>{product.description}</span>}
                  {product.used && <span className={styles.note}>{t('importUsed')}</span>}
                </span>
              </Checkbox>
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.bar}>
        <Button look="primary" icon="forward" isDisabled={picked.length === 0} onPress={() => onPick(picked)}>
          {t('importGo', { count: picked.length })}
        </Button>
      </div>
    </div>
  );
}
