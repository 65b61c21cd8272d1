namespace HaCluster.Operations.Journal;

/// <summary>The file of a journal, as narrow as the journal needs it; tests put a full disk behind it.</summary>
internal interface IDurableFile : IDisposable
{
    /// <summary>Writes at <paramref name="offset"/>, and returns when the bytes are on disk.</summary>
    /// <exception cref="IOException">The disk is full, or broken.</exception>
    void Write(byte[] bytes, long offset);

    /// <summary>Cuts off what is after <paramref name="length"/>.</summary>
    void Truncate(long length);

    /// <summary>Puts <paramref name="bytes"/> in place of all that is there: after a crash there is the one or the other.</summary>
    void Replace(byte[] bytes);
}

/// <summary>
/// A file whose writes are on disk when they return, and whose folder entry is too. One process has it at a time: a lock file beside it is locked as long
/// as it is open, and the kernel frees that lock when the process dies, however it dies. The journal itself stays readable for others.
/// </summary>
internal sealed class DurableFile : IDurableFile
{
    private readonly string path;
    private readonly FileStream held;
    private FileStream stream;

    private DurableFile(string path, FileStream held, FileStream stream) => (this.path, this.held, this.stream) = (path, held, stream);

    /// <exception cref="HaClusterException">Another process has it.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static DurableFile Open(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        CreateFolder(folder);
        var held = Hold(path);
        try
        {
            var file = new DurableFile(path, held, OpenShared(path, FileMode.OpenOrCreate));
            SyncFolder(folder);
            return file;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a process of this machine has it open now.</summary>
    public static bool IsOpen(string path)
    {
        try
        {
            if (!File.Exists(LockPath(path)))
                return false;
            using var free = Hold(path);
            return false;
        }
        catch (HaClusterException)
        {
            return true;
        }
    }

    public static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    public void Write(byte[] bytes, long offset)
    {
        stream.Position = offset;
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    public void Truncate(long length)
    {
        stream.SetLength(length);
        stream.Flush(flushToDisk: true);
    }

    public void Replace(byte[] bytes)
    {
        var whole = path + ".new";
        using (var next = OpenShared(whole, FileMode.Create))
        {
            next.Write(bytes);
            next.Flush(flushToDisk: true);
        }
        stream.Dispose();
        File.Move(whole, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
        stream = OpenShared(path, FileMode.Open);
    }

    public void Dispose()
    {
        stream.Dispose();
        held.Dispose();
    }

    /// <summary>Without a lock of its own: the journal stays readable.</summary>
    private static FileStream OpenShared(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static string LockPath(string path) => path + ".lock";

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(LockPath(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && !IsDiskFull(e))
        {
            throw JournalFailure.InUse(path, e);
        }
    }

    /// <summary>ENOSPC and EDQUOT; ERROR_DISK_FULL on Windows.</summary>
    private static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) is 28 or 122 or 112;

    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null)
            CreateFolder(parent);
        // Names of nodes, workloads and images are nobody else's business.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (parent is not null)
            SyncFolder(parent);
    }

    /// <summary>A new file survives a power cut only when its folder is on disk too (https://man7.org/linux/man-pages/man2/fsync.2.html).</summary>
    private static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
            NativeMethods.SyncFolder(folder);
    }
}
