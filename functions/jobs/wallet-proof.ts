import { proveWallets } from '../../shared/domain/wallet/prove-wallets.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { wallets } from '../../shared/runtime/stores.ts';

/** Adds up the ledger of every wallet and holds the sum against the balance. It changes nothing. */
export const job = defineJob({
  name: 'wallet-proof',
  summary: 'Prove that every balance is the sum of its ledger',
  schedule: 'cron(0 3 * * ? *)',
  table: { actions: ['BatchGetItem', 'Query'] },
  timeoutSeconds: 900,
  memoryMegabytes: 1_024,
});

/** Answers how many wallets and entries were added up. @throws an error that names the wallets that are wrong */
export const handler = async () => {
  const { wrong, ...summary } = await proveWallets(servicesWith({ wallets }).stores.wallets);
  if (wrong.length > 0) throw new Error(`Wallets that are not the sum of their ledger: ${JSON.stringify(wrong)}`);
  return summary;
};
