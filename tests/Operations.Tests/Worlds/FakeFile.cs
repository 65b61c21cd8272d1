using HaCluster.Operations.Journal;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>A real file of a journal that can be killed or full.</summary>
internal sealed class FakeFile(string path, Faults faults) : IDurableFile
{
    private const int NoSpace = 28;
    private readonly DurableFile file = DurableFile.Open(path);

    public void Write(byte[] bytes, long offset)
    {
        faults.OnWrite();
        if (faults.Writes >= faults.FullFromWrite)
        {
            // As a full disk does it: a part of the line is there.
            file.Write(bytes[..(bytes.Length / 2)], offset);
            throw new IOException("No space left on device", NoSpace);
        }
        file.Write(bytes, offset);
        faults.OnWritten();
    }

    public void Truncate(long length)
    {
        if (!faults.IsDead)
            file.Truncate(length);
    }

    public void Replace(byte[] bytes)
    {
        faults.OnWrite();
        if (faults.Writes >= faults.FullFromWrite)
            throw new IOException("No space left on device", NoSpace);
        file.Replace(bytes);
        faults.OnWritten();
    }

    public void Dispose() => file.Dispose();
}
