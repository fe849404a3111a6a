import { describe, expect, it } from '@jest/globals';
import { joinedPath } from '../../../../src/platform/http/joined-path.ts';

// Recorded from Go 1.26: (&url.URL{Path: path.Join("/", prefix, "/api/v2/alerts")}).String().
describe('joinedPath', () => {
  it.each([
    ['/', '/api/v2/alerts'],
    ['', '/api/v2/alerts'],
    ['alertmanager', '/alertmanager/api/v2/alerts'],
    ['/alertmanager/', '/alertmanager/api/v2/alerts'],
    ['//alertmanager', '/alertmanager/api/v2/alerts'],
    ['a//b///', '/a/b/api/v2/alerts'],
    ['./a/../b', '/b/api/v2/alerts'],
    ['../../a', '/a/api/v2/alerts'],
    [' am ', '/%20am%20/api/v2/alerts'],
    ['/größe', '/gr%C3%B6%C3%9Fe/api/v2/alerts'],
    ['/a%2Fb', '/a%252Fb/api/v2/alerts'],
    ["/a$&+,:;=@!'()*[]", '/a$&+,:;=@%21%27%28%29%2A%5B%5D/api/v2/alerts'],
  ])('joins %j as Prometheus does', (prefix, path) => {
    expect(joinedPath(prefix, 'api/v2/alerts')).toBe(path);
  });
});
