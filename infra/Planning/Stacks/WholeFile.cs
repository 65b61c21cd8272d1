namespace HaCluster.Planning.Stacks;

/// <summary>Files that readers and crashes never see half written.</summary>
public static class WholeFile
{
    /// <summary>
    /// The file beside another one that takes its place when it is complete. Others may write to the folder, such as <c>/tmp</c>: with a name that they could
    /// guess, it might be a link of theirs. It is short, so that every name that a file can have can be written.
    /// </summary>
    public static string PartialOf(string target) => Path.Combine(Path.GetDirectoryName(target)!, $".ha-{Path.GetRandomFileName()}");

    /// <summary>Written to a temporary file beside it, which is removed on failure. The target keeps its permissions.</summary>
    /// <param name="toDisk">Before the file gets its name, so that a power cut does not leave it empty.</param>
    public static void Write(string target, Action<Stream> write, bool toDisk = false)
    {
        var partial = PartialOf(target);
        var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        try
        {
            using (file)
            {
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(target));
                write(file);
                if (toDisk)
                    file.Flush(flushToDisk: true);
            }

            File.Move(partial, target, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
