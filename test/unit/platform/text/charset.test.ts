import { describe, expect, it } from '@jest/globals';
import { createDecoder } from '../../../../src/platform/text/charset.ts';

const decode = createDecoder(['utf-8', 'euc-jp']);

describe('createDecoder', () => {
  it.each([
    ['UTF-8 where it is', Buffer.from('é'), { text: 'é', encoding: 'utf-8' }],
    ['the next charset where it is not', Buffer.from([0xa5, 0xc7]), { text: 'デ', encoding: 'euc-jp' }],
    [
      'replacement characters where nothing fits',
      Buffer.from([0x61, 0xff]),
      { text: 'a\ufffd', encoding: 'utf-8' },
    ],
    ['a byte order mark as a character', Buffer.from('\ufeffx'), { text: '\ufeffx', encoding: 'utf-8' }],
  ])('reads %s', (_, bytes, expected) => {
    expect(decode(bytes)).toEqual(expected);
  });

  it.each([
    ['CRITICAL: ディスク\n', '435249544943414c3a20836683428358834e0a'],
    ['タイムアウト\n', '835e834383808341834583670a'],
    ['サーバ停止', '8354815b836f92e28e7e'],
    ['メモリ不足', '83818382838a957391ab'],
    ['エラー: 接続', '83478389815b3a2090da91b1'],
    ['データベース', '8366815b835e8378815b8358'],
    ['ファイルシステム', '837483408343838b8356835883658380'],
  ])('reads %j in Shift_JIS where EUC-JP is tried first', (text, hex) => {
    const japanese = createDecoder(['utf-8', 'euc-jp', 'shift_jis']);

    expect(japanese(Buffer.from(hex, 'hex'))).toEqual({ text, encoding: 'shift_jis' });
  });

  it.each([
    ['euc-jp', 'ディスク障害', 'a5c7a5a3a5b9a5afbee3b3b2'],
    ['euc-kr', '서버 오류', 'bcadb9f620bfc0b7f9'],
    ['big5', '磁碟空間不足', 'bacfbad0aac5b6a1a4a3a8ac'],
    ['gbk', '磁盘空间不足', 'b4c5c5ccbfd5bce4b2bbd7e3'],
  ])('reads %s where it is', (charset, text, hex) => {
    expect(createDecoder(['utf-8', charset])(Buffer.from(hex, 'hex'))).toEqual({ text, encoding: charset });
  });

  // 0x8e and 0x8f begin characters of EUC-JP.
  const controls = Array.from({ length: 0x20 }, (_, n) => 0x80 + n).filter((n) => n !== 0x8e && n !== 0x8f);
  it.each(['euc-jp', 'euc-kr', 'big5'])(
    'takes no control character for %s, as no table of it has any',
    (charset) => {
      const decodeOr = createDecoder([charset, 'iso-8859-2']);
      const taken = controls.filter((byte) => decodeOr(Uint8Array.of(0x61, byte)).encoding === charset);

      expect(taken).toEqual([]);
    },
  );

  it('keeps control characters where the charset has them', () => {
    expect(decode(Buffer.from('a\u0085'))).toEqual({ text: 'a\u0085', encoding: 'utf-8' });
  });

  it('reads what fits nowhere by the first charset', () => {
    const bytes = Buffer.concat([Buffer.from('a5c7', 'hex'), Buffer.from([0xff])]);

    expect(createDecoder(['euc-jp'])(bytes)).toEqual({ text: 'デ\ufffd', encoding: 'euc-jp' });
  });

  it('leaves out half a character at the end of a cut text, instead of trying the next charset', () => {
    expect(decode(Buffer.from('aé').subarray(0, 2), true)).toEqual({ text: 'a', encoding: 'utf-8' });
    expect(decode(Buffer.from('b'), true)).toEqual({ text: 'b', encoding: 'utf-8' });
  });

  it('names the charset it does not know', () => {
    expect(() => createDecoder(['utf-8', 'klingon'])).toThrow(/klingon/);
  });
});
