import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packages = ['python3-saml==1.16.0', 'pysaml2==7.5.5'];
const folder = fileURLToPath(new URL('../.cache/saml-validators', import.meta.url));

/** Programs of other makers that validate SAML. */
export interface SamlValidators {
  /** Python with python3-saml and pysaml2. */
  readonly python: string;
  readonly xmlsec1: string;
}

/**
 * Provides the validators, kept in `.cache` after the first time. xmlsec1 must be installed as a package of the system.
 * @throws Error that says what is missing
 */
export function provideSamlValidators(): SamlValidators {
  const xmlsec1 = 'xmlsec1';
  run(xmlsec1, ['--version'], 'xmlsec1 is missing: install the Debian package xmlsec1');
  const python = `${folder}/venv/bin/python`;
  if (!existsSync(python) || !hasPackages(python)) {
    mkdirSync(folder, { recursive: true });
    run('python3', ['-m', 'venv', '--clear', `${folder}/venv`], 'python3 with venv is missing');
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    run(python, install, `${packages.join(' and ')} cannot be installed with pip`);
  }
  return { python, xmlsec1 };
}

function hasPackages(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import onelogin.saml2.auth, saml2'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(command: string, args: string[], failure: string): void {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 180_000 });
  } catch {
    throw new Error(failure);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { python, xmlsec1 } = provideSamlValidators();
  process.stdout.write(`${python}\n${xmlsec1}\n`);
}
