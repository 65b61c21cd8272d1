using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Running;

/// <summary>Changes a stack file: shows a diff, asks for confirmation, and replaces the file as a whole or not at all.</summary>
/// <param name="Text">The original text, without a byte order mark.</param>
internal sealed record SettingsWriter(string Path, string Text)
{
    /// <param name="isChanged">Whether it is going to be changed. Else it may be a pipe.</param>
    /// <exception cref="UnreadableInputException">It cannot be changed.</exception>
    public static SettingsWriter Of(StackFile file, bool isChanged) => !isChanged || (InputFile.RealPath(file.Path) is var target && File.Exists(target) && OutputFile.IsReplaceable(target))
        ? new SettingsWriter(file.Path, file.Text)
        : throw new UnreadableInputException($"{file.Path} is not a regular file, so it cannot be changed; name a file: --settings FILE");

    /// <returns>False when the person declined; nothing is written then.</returns>
    /// <exception cref="UnreadableInputException">It has changed since it was read.</exception>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public async Task<bool> WriteAsync(string changed, bool isAgreed, Terminals terminals, CancellationToken cancellationToken)
    {
        DiffView.Show(terminals.Out, Path, Text, changed);
        if (!isAgreed && !await terminals.Error.ConfirmAsync($"Write this to {Markup.Escape(Path)}?", defaultValue: false, cancellationToken))
        {
            terminals.Error.WriteLine("nothing was written");
            return false;
        }

        Replace(changed);
        return true;
    }

    private void Replace(string changed)
    {
        try
        {
            if (!StackFile.Replace(Path, Text, changed))
                throw new UnreadableInputException($"{Path} has changed since it was read; nothing was written: run the command again");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputFailedException($"{Path} cannot be written: {OutputFile.Reason(exception)}", exception);
        }
    }
}
