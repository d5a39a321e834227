import type { Construct } from 'constructs';
import { requestSecondsMax } from '../../shared/http/deadline.ts';
import { tableAccessOf } from '../../shared/http/define-endpoint.ts';
import type { RegisteredEndpoint } from '../endpoint-registry.ts';
import {
  acknowledgeAvatars,
  avatarEnvironment,
  avatarStatements,
  functionEnvironment,
  type Surroundings,
} from './function-environment.ts';
import { LeastPrivilegeFunction } from './least-privilege-function.ts';
import { tableStatements } from './single-table.ts';

/** More memory means more processor: at 1,024 MB start-up and JSON work are no longer what a caller waits for. */
const memoryMegabytesDefault = 1024;

/** The function of one endpoint: it may do with the table what the endpoint declares, and nothing else. */
export class EndpointFunction extends LeastPrivilegeFunction {
  constructor(scope: Construct, { name, endpoint }: RegisteredEndpoint, surroundings: Surroundings) {
    super(scope, name, {
      name,
      description: endpoint.summary,
      codeFolder: surroundings.codeFolderOf(name),
      settings: surroundings.settings,
      environment: { ...functionEnvironment(surroundings), ...avatarEnvironment(surroundings, endpoint.avatars) },
      statements: [
        ...tableStatements(surroundings.table, tableAccessOf(endpoint)),
        ...avatarStatements(surroundings, endpoint.avatars),
      ],
      timeoutSeconds: requestSecondsMax,
      memoryMegabytes: endpoint.memoryMegabytes ?? memoryMegabytesDefault,
    });
    acknowledgeAvatars(this, surroundings, endpoint.avatars);
  }
}
