import { manages } from '../../access/caller.ts';
import { liveEndpoint } from '../../http/live-endpoint.ts';
import { getImport } from '../../importing/look-at-import.ts';
import { watchImport } from '../../importing/watch-import.ts';

export const watchOneImport = liveEndpoint({
  params: ['id'],
  summary: 'Follow an import',
  async watch({ app, caller, params }) {
    const { id } = await getImport(app, (spaceId) => manages(caller, spaceId), params.id);
    return (signal) => watchImport(app, id, signal);
  },
});
