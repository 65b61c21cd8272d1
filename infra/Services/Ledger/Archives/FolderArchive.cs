using System.Runtime.CompilerServices;
using HaCluster.Services;
using Microsoft.Win32.SafeHandles;

namespace HaCluster.Ledger.Archives;

/// <summary>An archive in a folder. An object appears whole or not at all, and is never replaced; whoever owns the folder can still change it.</summary>
internal sealed class FolderArchive : IArchive
{
    private const UnixFileMode WrittenOnce = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    /// <summary>Of files that are being written: a kill leaves one there, and nothing reads it.</summary>
    private const string Partial = ".partial";

    private readonly string _root;
    private readonly IFaultPoints _faults;
    private readonly HashSet<string> _folders = [];
    private readonly Lock _lock = new();

    public FolderArchive(string root, IFaultPoints? faults = null) => (_root, _faults) = (Path.GetFullPath(root), faults ?? NoFaults.Instance);

    public string Address => _root;

    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var file = PathOf(name);
        var partial = Path.Combine(_root, Partial, $"{Guid.NewGuid():N}");
        try
        {
            Ensure(Path.GetDirectoryName(partial)!);
            Ensure(Path.GetDirectoryName(file)!);
            if (File.Exists(file))
                return Task.FromResult(false);
            Write(partial, content.Span);
            _faults.Reach(FaultPoint.ArchiveSynced);
            if (!NativeMethods.TryMove(partial, file))
            {
                File.Delete(partial);
                return Task.FromResult(false);
            }

            _faults.Reach(FaultPoint.ArchiveLinked);
            NativeMethods.SyncFolder(Path.GetDirectoryName(file)!);
            return Task.FromResult(true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(partial);
            throw new ArchiveUnavailableException($"the folder {_root} cannot be written to: {exception.Message}", exception);
        }
    }

    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(name), cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveUnavailableException($"{PathOf(name)} cannot be read: {exception.Message}", exception);
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string folder, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var name in Entries(folder, Directory.EnumerateFiles).Select(name => folder + name).Where(name => string.CompareOrdinal(name, after) > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <summary>One by one: to list a folder means to read all of it.</summary>
    public Task<IReadOnlyList<long>> MissingAsync(string stream, IReadOnlyList<long> firsts, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<long>>([.. firsts.Where(first => !File.Exists(PathOf(ArchiveNames.Segment(stream, first))))]);

    public Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken cancellationToken) =>
        Task.FromResult(Entries(folder, Directory.EnumerateDirectories));

    public void Dispose()
    {
    }

    private IReadOnlyList<string> Entries(string folder, Func<string, IEnumerable<string>> list)
    {
        try
        {
            var path = PathOf(folder);
            return Directory.Exists(path) ? [.. list(path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveUnavailableException($"the folder {PathOf(folder)} cannot be listed: {exception.Message}", exception);
        }
    }

    private void Write(string file, ReadOnlySpan<byte> content)
    {
        using var handle = Create(file);
        var half = content.Length / 2;
        Disk.Write(handle, content[..half], 0);
        _faults.Reach(FaultPoint.ArchiveTorn);
        Disk.Write(handle, content[half..], half);
        RandomAccess.FlushToDisk(handle);
    }

    private static SafeFileHandle Create(string file)
    {
        var handle = File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(handle, WrittenOnce);
        return handle;
    }

    private string PathOf(string name) => Path.Combine(_root, name.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Makes a folder, and its parents, so that it is still there after a power cut.</summary>
    private void Ensure(string folder)
    {
        lock (_lock)
        {
            if (_folders.Contains(folder) && Directory.Exists(folder))
                return;
            if (!Directory.Exists(folder))
            {
                var parent = Path.GetDirectoryName(folder)!;
                Ensure(parent);
                Directory.CreateDirectory(folder);
                NativeMethods.SyncFolder(parent);
            }

            _folders.Add(folder);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What made writing fail makes this fail.
        }
    }
}
