using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Images;

/// <summary>The settings of a stack file that take pushed images.</summary>
internal sealed record ImageSettings(string Project, SettingsWriter File)
{
    /// <exception cref="UnreadableInputException">There is no such stack, or its file cannot be read or changed.</exception>
    public static ImageSettings Open(StackChoice choice)
    {
        var run = StackRun.Prepare(choice);
        return new ImageSettings(run.Project.Name, SettingsWriter.Of(run.File, isChanged: true));
    }

    /// <summary>A stack file with these settings alone.</summary>
    public static string TextOf(IEnumerable<BuiltImage> built) => StackFileEditor.Apply("the settings of images", "", "ha-cluster", Edits(built));

    /// <returns>False when the person declined; nothing is written then.</returns>
    public async Task<bool> WriteAsync(IReadOnlyList<BuiltImage> built, bool isAgreed, Terminals terminals, CancellationToken cancellationToken)
    {
        var changed = StackFileEditor.Apply(File.Path, File.Text, Project, Edits(built));
        if (changed != File.Text)
            return await File.WriteAsync(changed, isAgreed, terminals, cancellationToken);
        terminals.Out.WriteRaw($"{File.Path} already has these image digests");
        return true;
    }

    private static IEnumerable<SettingEdit> Edits(IEnumerable<BuiltImage> built)
    {
        foreach (var each in built)
        {
            if (each is { Image.Setting: { } setting, Reference: { } reference })
                yield return new SettingEdit([.. setting.Split('.')], reference);
        }
    }
}
