import { useTranslations } from 'use-intl';
import type { Question } from '~/api/types';
import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import { usePrice } from '~/ui/Price';
import styles from './Questions.module.css';

interface QuestionsProps {
  questions: readonly Question[];
  onAnswer: (question: Question) => void;
}

/** Refunds that were made elsewhere for a part of an order: somebody has to say which tickets must not be let in. */
export function Questions({ questions, onAnswer }: QuestionsProps) {
  const t = useTranslations('late');
  const price = usePrice();
  return (
    <section className={styles.questions} aria-labelledby="questions">
      <h2 id="questions">
        <Icon name="hand" size={26} />
        {t('questions')}
      </h2>
      <ul>
        {questions.map((question) => {
          const { orderCode, buyerName, refund } = question;
          return (
            <li key={refund.id}>
              <p>
                {t('question', { amount: price(refund.amount), code: orderCode })}
                {buyerName && <span className={styles.buyer}>{t('questionBuyer', { name: buyerName })}</span>}
              </p>
              <Button icon="ticket" onPress={() => onAnswer(question)}>
                {t('answer')}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
