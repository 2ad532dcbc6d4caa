import { Button } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import styles from './TroubleCard.module.css';

interface TroubleCardProps {
  title: string;
  money: string;
  action?: string;
  onAction?: () => void;
}

/** What is wrong, what it means for the money, and what can be done about it here. */
export function TroubleCard({ title, money, action, onAction }: TroubleCardProps) {
  return (
    <div role="alert" className={styles.trouble}>
      <Icon name="hand" size={28} />
      <div>
        <h2>{title}</h2>
        <p>{money}</p>
        {action && onAction && (
          <Button icon="again" onPress={onAction}>
            {action}
          </Button>
        )}
      </div>
    </div>
  );
}
