export { federation } from './federation.js';
export { federationSetup } from './federation-setup.js';
