namespace HaCluster.Planning.Stacks;

/// <summary>Opens the files that a user names: text in YAML, JSON or CSV.</summary>
public static class InputFile
{
    private const int MaxMebibytes = 256;

    /// <summary>The whole file. A device such as <c>/dev/zero</c> has no end, so what is not text is refused where it begins.</summary>
    /// <exception cref="UnreadableInputException">It has a NUL character, or is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading it is not permitted.</exception>
    public static MemoryStream Open(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new MemoryStream();
        var block = new byte[1 << 16];
        for (int count; (count = file.Read(block)) > 0;)
        {
            content.Write(block, 0, count);
            if (!IsWide(content) && block.AsSpan(0, count).Contains((byte)0))
                throw NotText(path, content);
            if (content.Length > MaxMebibytes << 20)
                throw new UnreadableInputException($"{path} is larger than {MaxMebibytes} MiB");
        }

        content.Position = 0;
        return content;
    }

    /// <summary>The same as text, without a byte order mark.</summary>
    /// <inheritdoc cref="Open"/>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }

    /// <summary>UTF-16 and UTF-32, which begin with a byte order mark, have NUL bytes in every ASCII character.</summary>
    private static bool IsWide(MemoryStream content) => content.GetBuffer() is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..];

    private static UnreadableInputException NotText(string path, MemoryStream content)
    {
        var before = content.GetBuffer().AsSpan(0, (int)content.Length);
        before = before[..before.IndexOf((byte)0)];
        var column = System.Text.Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return new UnreadableInputException($"{path}:{before.Count((byte)'\n') + 1}:{column}: this is not text: it has a NUL character here");
    }
}
