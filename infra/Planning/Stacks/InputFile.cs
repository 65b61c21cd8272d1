using System.Text;
using System.Text.Unicode;

namespace HaCluster.Planning.Stacks;

/// <summary>Opens the files that a user names: text in YAML, JSON or CSV.</summary>
public static class InputFile
{
    private const int MaxMebibytes = 256;

    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>Those with a byte order mark, of which that of UTF-16 begins that of UTF-32. All throw on what is not valid.</summary>
    private static readonly Encoding[] Marked =
    [
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    private static readonly UTF8Encoding Unmarked = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The whole file as UTF-8 without a byte order mark, whatever Unicode it is in: PowerShell 5 and Notepad write UTF-16. A device such as <c>/dev/zero</c>
    /// has no end, so what is not text is refused where it begins.
    /// </summary>
    /// <exception cref="UnreadableInputException">It has a NUL character, is not valid Unicode (the message names line and column), or is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not permitted.</exception>
    public static MemoryStream Open(string path)
    {
        using var content = ReadBytes(path);
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        var encoding = EncodingOf(bytes);
        var text = bytes[encoding.Preamble.Length..];
        return encoding is UTF8Encoding && Utf8.IsValid(text)
            ? new MemoryStream(content.GetBuffer(), encoding.Preamble.Length, text.Length, writable: false)
            : new MemoryStream(Encoding.UTF8.GetBytes(Decode(path, encoding, text)), writable: false);
    }

    /// <summary>The same as text.</summary>
    /// <inheritdoc cref="Open"/>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }

    /// <summary>What a text is encoded with, by its byte order mark; its <see cref="Encoding.Preamble"/> is that mark.</summary>
    public static Encoding EncodingOf(ReadOnlySpan<byte> content)
    {
        foreach (var encoding in Marked)
        {
            if (content.StartsWith(encoding.Preamble))
                return encoding;
        }

        return Unmarked;
    }

    private static MemoryStream ReadBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new MemoryStream();
        var block = new byte[1 << 16];
        for (int count; (count = file.Read(block)) > 0;)
        {
            content.Write(block, 0, count);
            // UTF-16 and UTF-32 have NUL bytes in every ASCII character.
            if (block.AsSpan(0, count).Contains((byte)0) && content.GetBuffer().AsSpan(0, (int)content.Length) is var read && EncodingOf(read) is UTF8Encoding encoding)
            {
                var before = Encoding.UTF8.GetString(read[encoding.Preamble.Length..read.IndexOf((byte)0)]);
                throw new UnreadableInputException($"{Place(path, before)}: this is not text: it has a NUL character here");
            }

            if (content.Length > MaxMebibytes << 20)
                throw new UnreadableInputException($"{path} is larger than {MaxMebibytes} MiB");
        }

        return content;
    }

    private static string Decode(string path, Encoding encoding, ReadOnlySpan<byte> text)
    {
        try
        {
            return encoding.GetString(text);
        }
        catch (DecoderFallbackException exception)
        {
            // The same with noncharacters in place of what is not valid: the exception has another index in each encoding.
            const string Invalid = "\uFFFF\uFFFE\uFDD0";
            var replaced = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(Invalid)).GetString(text);
            throw new UnreadableInputException(
                $"{Place(path, replaced[..replaced.IndexOf(Invalid, StringComparison.Ordinal)])}: this is not valid {encoding.WebName.ToUpperInvariant()}; save the file as UTF-8", exception);
        }
    }

    private static string Place(string path, string before) => $"{path}:{before.Count(letter => letter == '\n') + 1}:{before.Length - before.LastIndexOf('\n')}";

    /// <summary>Whether a path is below a directory, by their names alone.</summary>
    public static bool IsIn(string path, string directory, StringComparison comparison = StringComparison.Ordinal) =>
        path.StartsWith(Path.EndsInDirectorySeparator(directory) ? directory : directory + Path.DirectorySeparatorChar, comparison);

    /// <summary>The path without a link in any of its parts, so that all names of one file or directory are equal.</summary>
    public static string RealPath(string path) => RealPath(path, MaxLinks);

    private static string RealPath(string path, int links)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        var real = RealPath(parent, links);
        var here = Path.Combine(real, Path.GetFileName(full));
        return links > 0 && new FileInfo(here).LinkTarget is { } target ? RealPath(Path.GetFullPath(target, real), links - 1) : here;
    }
}
