using Microsoft.Win32.SafeHandles;

namespace HaCluster.Ledger.Archives;

/// <summary>Writing to files whose disk may be full.</summary>
internal static class Disk
{
    /// <exception cref="IOException">There is no room, or the disk is broken.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, long offset)
    {
        try
        {
            RandomAccess.Write(file, content, offset);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // So .NET tells of a limit of the file's size, which is as passing as a full disk (https://man7.org/linux/man-pages/man2/write.2.html, EFBIG).
            throw new IOException("the limit of a file's size is reached", exception);
        }
    }
}
