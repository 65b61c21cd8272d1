using System.ComponentModel;
using System.Text.RegularExpressions;
using CliWrap;
using HaCluster.Cli.Terminal;
using HaCluster.Engine.Running;

namespace HaCluster.Cli.Images;

/// <summary>Builds the image of a service with the .NET SDK, which needs no container engine.</summary>
/// <param name="directory">A directory of its own for all files, removed by whoever made it.</param>
internal sealed partial class ImageBuilder(string directory)
{
    private const int ShownErrors = 12;
    private const string DiskFull = "No space left on device";

    /// <param name="baseImage">In place of the one that the SDK chooses.</param>
    /// <exception cref="ImageBuildException">It cannot be built.</exception>
    /// <exception cref="OutputFailedException">The disk is full.</exception>
    public async Task<ContainerImage> BuildAsync(string project, string? baseImage, CancellationToken cancellationToken)
    {
        var work = Directory.CreateDirectory(Path.Combine(directory, Path.GetFileNameWithoutExtension(project))).FullName;
        var archive = Path.Combine(work, "image.tar.gz");
        string[] arguments =
        [
            "publish", project, "--configuration", "Release", "-target:PublishContainer",
            $"-property:ContainerArchiveOutputPath={archive}",
            // What an earlier build left behind in the usual folder would become part of the image.
            $"-property:PublishDir={Path.Combine(work, "publish")}{Path.DirectorySeparatorChar}",
            .. baseImage is null ? Array.Empty<string>() : [$"-property:ContainerBaseImage={baseImage}"],
            "-verbosity:quiet", "-nologo", "-terminalLogger:off",
        ];
        var (exitCode, output) = await RunAsync(arguments, Path.GetDirectoryName(project)!, cancellationToken);
        if (exitCode != 0 || !File.Exists(archive))
            throw Fault(project, baseImage, output);
        try
        {
            var layout = Directory.CreateDirectory(Path.Combine(work, "layout")).FullName;
            return ReproducibleImage.Of(ImageLayout.Read(archive, layout), work);
        }
        catch (InvalidDataException exception)
        {
            throw new ImageBuildException($"{project}: {exception.Message}", []);
        }
        catch (IOException exception)
        {
            throw new OutputFailedException($"{directory} cannot be written: {exception.Message.Split(" : '")[0]}", exception);
        }
    }

    private static async Task<(int ExitCode, List<string> Output)> RunAsync(string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var output = new List<string>();
        try
        {
            var result = await CliWrap.Cli.Wrap(DotnetHost.Path)
                .WithArguments(arguments)
                .WithWorkingDirectory(folder)
                // Messages are recognised by their words, and a build server would outlive this command.
                .WithEnvironmentVariables(new Dictionary<string, string?> { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["MSBUILDDISABLENODEREUSE"] = "1" })
                .WithStandardOutputPipe(PipeTarget.ToDelegate(Keep))
                .WithStandardErrorPipe(PipeTarget.ToDelegate(Keep))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancellationToken);
            return (result.ExitCode, output);
        }
        catch (Win32Exception exception)
        {
            throw new ImageBuildException(
                $"images are built by the .NET SDK, and {DotnetHost.Path} cannot be started: {(exception.InnerException ?? exception).Message.TrimEnd('.')}; install the version that global.json names", []);
        }

        void Keep(string line)
        {
            lock (output)
                output.Add(line);
        }
    }

    private static Exception Fault(string project, string? baseImage, List<string> output)
    {
        var text = string.Join('\n', output);
        if (text.Contains(DiskFull, StringComparison.Ordinal))
            return new OutputFailedException($"{project} cannot be built: the disk is full; free some space, or set TMPDIR to a directory on another disk");
        var errors = output.Select(line => Place().Replace(line.Trim(), "")).Where(line => Error().IsMatch(line) && !StackTrace().IsMatch(line)).Distinct(StringComparer.Ordinal).Take(ShownErrors).ToList();
        if (text.Contains("No .NET SDKs were found", StringComparison.Ordinal) || text.Contains("A compatible .NET SDK was not found", StringComparison.Ordinal))
            return new ImageBuildException("the .NET SDK is missing, or its version is not the one that global.json names: install that version", [.. output.Where(line => line.Length > 0).Take(ShownErrors)]);
        if (BaseFault().IsMatch(text))
        {
            return new ImageBuildException(
                $"the base image {baseImage ?? "of Microsoft (mcr.microsoft.com/dotnet)"} cannot be fetched; {(baseImage is null ? "where that registry cannot be reached, --base names a copy of it" : "check --base")}",
                errors);
        }

        return new ImageBuildException($"{project} cannot be built", errors.Count > 0 ? errors : [.. output.Where(line => line.Length > 0).TakeLast(ShownErrors)]);
    }

    /// <summary>The place in a targets file before a message, and the project behind it, say nothing to whoever runs this.</summary>
    [GeneratedRegex(@"^\S+\.targets\([0-9,]+\): | \[[^\]]+proj\]\z")]
    private static partial Regex Place();

    [GeneratedRegex(@"\berror\b( [A-Z]+[0-9]+)?\s?: ")]
    private static partial Regex Error();

    /// <summary>A task of the SDK that does not expect a failure shows where it happened.</summary>
    [GeneratedRegex(@"^error MSB4018:\s+(at |--- |---> |The ""\w+"" task failed)")]
    private static partial Regex StackTrace();

    /// <summary>Codes of what a registry did not do: https://github.com/dotnet/sdk/blob/main/src/Containers/Microsoft.NET.Build.Containers/Resources/Strings.resx</summary>
    [GeneratedRegex(@"error CONTAINER1[0-9]{3}|GetImageManifestAsync")]
    private static partial Regex BaseFault();
}

/// <summary>An image cannot be built. The message is complete; the details are those of the SDK.</summary>
internal sealed class ImageBuildException(string message, IReadOnlyList<string> details) : Exception(message)
{
    public IReadOnlyList<string> Details { get; } = details;
}
