import { Type } from 'typebox';
import { managedSpaceAt } from '../access/managed-account.ts';
import { endpoint } from '../http/route.ts';
import { getLinphonercVersion, linphonercVersions } from '../spaces/linphonerc-versions.ts';
import {
  linphonercVersionAnswer,
  linphonercVersionJson,
  wholeLinphonercVersionAnswer,
} from '../views/linphonerc-version.ts';

export const listLinphonercVersions = endpoint({
  params: ['domain'],
  summary: 'List the linphonerc texts that a space has or had, the newest first',
  description: 'The newest 100 are kept. To restore one, send its text as the `linphonerc` of the space.',
  answer: Type.Array(linphonercVersionAnswer),
  handle: async ({ app, caller, params }) =>
    (await linphonercVersions(app, managedSpaceAt(app, caller, params.domain))).map(linphonercVersionJson),
});

export const showLinphonercVersion = endpoint({
  params: ['domain', 'versionId'],
  summary: 'Get a linphonerc text that a space has or had, by its number',
  answer: wholeLinphonercVersionAnswer,
  async handle({ app, caller, params }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const version = await getLinphonercVersion(app, space, params.versionId);
    return { ...linphonercVersionJson(version), linphonerc: version.text };
  },
});
