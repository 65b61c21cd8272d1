using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Images;

/// <summary>Images as files of a directory.</summary>
internal static class ImageArchive
{
    /// <exception cref="UnreadableInputException">The directory cannot be created.</exception>
    public static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"--archive: {directory} cannot be created: {exception.Message.Split(" : '")[0]}", exception);
        }
    }

    /// <returns>The file.</returns>
    /// <exception cref="OutputFailedException">It cannot be written; an earlier file is unchanged.</exception>
    public static string Write(ContainerImage image, string directory, Terminals terminals)
    {
        var path = Path.Combine(directory, $"{image.Name.Replace('/', '-')}-{image.Tag}.tar");
        OutputFile.Of(path, "--archive").Write(terminals, stream => ImageLayout.Write(image, stream));
        return path;
    }
}
