export { federation } from './federation.js';
export { federationSetup } from './federation-setup.js';
export { findUserLogin } from './find-user-login.js';
export { userBatch } from './user-batch.js';
export { userBatchRows } from './user-batch-rows.js';
export { userDiagnosis } from './user-diagnosis.js';
export { userLifecycle } from './user-lifecycle.js';
