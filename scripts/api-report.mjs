/**
 * Writes the API reports in `docs/public-api/`, one for each entry of package.json that is a module, by API Extractor. They are
 * part of the repository, so that every change of the public API shows in review. Part of `npm run analyze`.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { root } from './install.mjs';

const { name, exports: entries } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const modules = Object.entries(entries).filter(([, target]) => target?.default && !target.types.includes('*'));

mkdirSync(`${root}docs/public-api`, { recursive: true });
for (const [entry, { types }] of modules) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: `${root}${types}`,
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target: 'ES2022', module: 'NodeNext', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: [] },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}${entry.slice(1).replaceAll('/', '-')}`,
        reportFolder: `${root}docs/public-api`,
        reportTempFolder: `${root}.cache`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        // The pages and their check are TypeDoc's; types without a name of their own are part of what uses them.
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}package.json`,
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => (message.handled = message.logLevel !== 'error'),
  });
  if (!succeeded) process.exitCode = 1;
}
