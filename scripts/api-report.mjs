/**
 * Writes the API reports in `docs/public-api/`, one for each entry of package.json that is a module, by API Extractor.
 * They are part of the repository, so that every change of the public API shows in review. Part of `npm run analyze`.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { root } from './install.mjs';

const configObjectFullPath = `${root}api-extractor.json`;
const configObject = ExtractorConfig.loadFile(configObjectFullPath);
const packageJsonFullPath = `${root}package.json`;
const { name, exports: entries } = JSON.parse(readFileSync(packageJsonFullPath, 'utf8'));

const configs = Object.entries(entries)
  .filter(([, target]) => target?.default && !target.types.includes('*'))
  .map(([entry, { types }]) => {
    const mainEntryPointFilePath = `${root}${types}`;
    const apiReport = { ...configObject.apiReport, reportFileName: `${name}${entry.slice(1).replaceAll('/', '-')}` };
    const own = { ...configObject, mainEntryPointFilePath, apiReport };
    return ExtractorConfig.prepare({ configObject: own, configObjectFullPath, packageJsonFullPath });
  });

mkdirSync(configObject.apiReport.reportFolder, { recursive: true });
// All in one program: each of its own would read the types of the DOM again.
const additionalEntryPoints = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
const compilerState = CompilerState.create(configs[0], { additionalEntryPoints });
const messageCallback = (message) => (message.handled = message.logLevel !== 'error');
for (const config of configs) {
  const { succeeded } = Extractor.invoke(config, { compilerState, localBuild: true, messageCallback });
  if (!succeeded) process.exitCode = 1;
}
