using System.CommandLine;
using HaCluster.Cli.Images;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha images</c>: builds the container images of the services, and pushes them.</summary>
internal static class ImagesCommand
{
    private const string Description = """
        Build the container images of our services (infra/Services), and push them. They run as a user other than root, on a read-only file system, without
        a shell. No container engine is needed, only the .NET SDK and, for native code, gcc or clang with zlib's headers. One commit gives the same digest on
        every machine with the same SDK and the same base image.
        Images are built for the architecture of this computer, amd64 or arm64: nodes with Graviton processors need images that were built on one.
        Without --push and --archive the images are built and their digests shown.
        Credentials for the push: DOTNET_CONTAINER_REGISTRY_UNAME and DOTNET_CONTAINER_REGISTRY_PWORD, or what docker login or podman login stored, or for ECR the
        credentials of AWS (permissions: ecr:GetAuthorizationToken, BatchCheckLayerAvailability, BatchGetImage, InitiateLayerUpload, UploadLayerPart,
        CompleteLayerUpload, PutImage). Plain HTTP is used only for localhost and the registries listed in DOTNET_CONTAINER_INSECURE_REGISTRIES.
        """;

    public static Command Create(StackOptions options, Terminals terminals)
    {
        var push = new Option<string?>("--push") { Description = "Push each image to this registry as REGISTRY/NAME:VERSION.", HelpName = "REGISTRY" };
        var archive = new Option<string?>("--archive") { Description = "Write each image into this directory as NAME-VERSION.tar, for podman load, docker load or skopeo copy.", HelpName = "DIR" };
        var from = new Option<string?>("--base") { Description = "Build on this image instead of Microsoft's chiseled ones, which have no shell. All but the sentinel need ASP.NET Core in it.", HelpName = "IMAGE" };
        var write = new Option<bool>("--write") { Description = "With --push: write the digests into the stack file. Shows the diff and asks first." };
        var yes = new Option<bool>("--yes", "-y") { Description = "With --write: do not ask." };
        var command = new Command("images", Description);
        options.AddTo(command);
        var document = new DocumentOptions(command, $"Write the result as JSON ({ImagesDocument.Format}) to this file, or to standard output without one.");
        foreach (var option in new Option[] { push, archive, from, write, yes })
            command.Options.Add(option);
        command.Require(write, push, "a stack takes an image from a registry");
        command.Require(yes, write);
        command.SetAction((parsed, token) => new ImagesRun(
            options.Read(parsed), parsed.GetValue(push), parsed.GetValue(archive), parsed.GetValue(from), document.Read(parsed), terminals)
            .RunAsync(parsed.GetValue(write), parsed.GetValue(yes), token));
        return command;
    }

    /// <summary>One run of the command with its options.</summary>
    private sealed record ImagesRun(StackChoice Choice, string? Push, string? Archive, string? Base, OutputFile Json, Terminals Terminals)
    {
        public async Task<int> RunAsync(bool writes, bool isAgreed, CancellationToken cancellationToken)
        {
            // All that can be known to fail fails before the build, which takes minutes.
            if (writes && !isAgreed && (Console.IsInputRedirected || !Terminals.Error.Profile.Capabilities.Interactive))
                throw new UnreadableInputException("--write shows what it changes and asks, but standard input is not a terminal; add --yes to write without asking");
            var registry = Push is null ? null : RegistryReference.Parse(Push);
            var settings = writes ? ImageSettings.Open(Choice) : null;
            var projects = ServiceProjects.Find(Directory.GetCurrentDirectory(), ProgramLocation.Checkout);
            if (!OperatingSystem.IsLinux())
                return Fail("images are for Linux, and native code is compiled on the system that it runs on: run this on Linux, in WSL or in a pipeline", []);
            if (Archive is not null)
                ImageArchive.Prepare(Archive);
            var work = CreateWorkDirectory();
            try
            {
                using var client = registry is null ? null : new RegistryClient(registry);
                if (client is not null)
                    await client.CheckAsync(cancellationToken);
                var built = new List<BuiltImage>();
                foreach (var project in projects)
                    built.Add(await BuildAsync(project, new ImageBuilder(work.FullName), registry, client, cancellationToken));
                Show(built, registry, writes);
                return settings is null || await settings.WriteAsync(built, isAgreed, Terminals, cancellationToken) ? ExitCode.Success : ExitCode.CheckFailed;
            }
            catch (ImageBuildException exception)
            {
                return Fail(exception.Message, exception.Details);
            }
            catch (RegistryException exception)
            {
                ErrorView.Show(Terminals.Error, exception.Message);
                return exception.IsUnreachable ? ExitCode.Failed : ExitCode.WrongUsage;
            }
            finally
            {
                Remove(work);
            }
        }

        private static DirectoryInfo CreateWorkDirectory()
        {
            try
            {
                return Directory.CreateTempSubdirectory("ha-images-");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new OutputFailedException($"no temporary directory can be created in {Path.GetTempPath()}: {OutputFile.Reason(exception)}; set TMPDIR to a writable directory with free space", exception);
            }
        }

        private static void Remove(DirectoryInfo work)
        {
            try
            {
                work.Delete(recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // What is left in the directory for temporary files says less than how the command ended.
            }
        }

        private async Task<BuiltImage> BuildAsync(string project, ImageBuilder builder, RegistryReference? registry, RegistryClient? client, CancellationToken cancellationToken)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var image = await WatchAsync($"{name}: building; native code takes a minute or more", _ => builder.BuildAsync(project, Base, cancellationToken));
            var archive = Archive is null ? null : ImageArchive.Write(image, Archive, Terminals);
            if (client is not null)
            {
                await WatchAsync($"{image.Name}: pushing", async progress =>
                {
                    await client.PushAsync(image, progress, cancellationToken);
                    return image.Digest;
                });
            }

            return new BuiltImage(image, archive, registry?.NameOf(image));
        }

        /// <summary>A progress line on a terminal, and elsewhere a line for each step: a log that says nothing for minutes looks as if it hung.</summary>
        private Task<T> WatchAsync<T>(string what, Func<Action<string>, Task<T>> work)
        {
            if (!Json.IsStandardOutput && !Terminals.Error.Profile.Capabilities.Interactive)
            {
                Terminals.Out.WriteRaw(what);
                Terminals.Out.Profile.Out.Writer.Flush();
            }

            // Waited for on Ctrl+C too: the build must have ended before its files are removed.
            return !Terminals.Error.Profile.Capabilities.Interactive
                ? work(_ => { })
                : Terminals.Error.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(what), status => work(line => status.Status = Markup.Escape(line)));
        }

        private void Show(List<BuiltImage> built, RegistryReference? registry, bool writes)
        {
            Json.WriteJson(Terminals, ImagesDocument.Of(built));
            string[] warnings = [.. built.Where(each => each.Image.Revision?.EndsWith("-dirty", StringComparison.Ordinal) is not false).Select(each => each.Image.Revision is null
                ? $"{each.Image.Name} has no commit label: it was not built from a git checkout; the build cannot be reproduced"
                : $"{each.Image.Name} has changes that are in no commit; the build cannot be reproduced: commit first")];
            Terminals.StrictProblems.Warn(warnings);
            if (Json.IsStandardOutput)
                return;
            ImagesView.Show(Terminals.Out, built, warnings);
            Json.Mention(Terminals.Out);
            if (registry is not null && !writes)
                ImagesView.ShowSettings(Terminals.Out, ImageSettings.TextOf(built), Choice);
        }

        private int Fail(string message, IEnumerable<string> details)
        {
            ErrorView.Show(Terminals.Error, message, details);
            return ExitCode.Failed;
        }
    }
}
