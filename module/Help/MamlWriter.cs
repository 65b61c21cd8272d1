using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace HaCluster.Help;

/// <summary>
/// Writes the help that Get-Help reads for a binary module.
/// https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-cmdlets
/// </summary>
internal static class MamlWriter
{
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace MsHelp = "http://msdn.microsoft.com/mshelp";

    public static void Write(string path, IReadOnlyList<CmdletFacts> cmdlets, Comments comments)
    {
        var root = new XElement("helpItems", new XAttribute("schema", "maml"), cmdlets.Select(cmdlet => Item(cmdlet, comments)));
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
        new XDocument(root).Save(writer);
    }

    private static XElement Item(CmdletFacts cmdlet, Comments comments)
    {
        var remarks = comments.Remarks(cmdlet.Type);
        var summary = comments.Summary(cmdlet.Type);
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml), new XAttribute(XNamespace.Xmlns + "command", Command), new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XAttribute(XNamespace.Xmlns + "MSHelp", MsHelp),
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name), new XElement(Command + "verb", cmdlet.Verb), new XElement(Command + "noun", cmdlet.Noun),
                new XElement(Maml + "description", Paragraph(summary))),
            new XElement(Maml + "description", (remarks.Count > 0 ? remarks : [summary]).Select(Paragraph)),
            new XElement(Command + "syntax", SetsOf(cmdlet).Select(set => Syntax(cmdlet, set, comments))),
            new XElement(Command + "parameters", All(cmdlet).Select(parameter => Parameter(parameter, parameter.Places[0], comments))),
            new XElement(Command + "inputTypes", InputsOf(cmdlet).Select(input => new XElement(Command + "inputType", TypeNamed(input)))),
            new XElement(Command + "returnValues", cmdlet.Outputs.Select(output => new XElement(Command + "returnValue", TypeNamed(output)))),
            new XElement(Command + "examples", comments.Examples(cmdlet.Type).Select((example, at) => ExampleOf(example, at + 1))),
            new XElement(Command + "relatedLinks", Link(cmdlet.AsksFirst ? "about_HaCluster_Operations" : "about_HaCluster")));
    }

    private static IEnumerable<ParameterFacts> All(CmdletFacts cmdlet) => cmdlet.Parameters;

    /// <summary>One for each named set; the default one first.</summary>
    private static IEnumerable<string?> SetsOf(CmdletFacts cmdlet)
    {
        var sets = cmdlet.Parameters.SelectMany(parameter => parameter.Places).Select(place => place.Set).OfType<string>().Distinct()
            .OrderBy(set => set == cmdlet.DefaultSet ? 0 : 1).ToList();
        return sets.Count > 0 ? sets : new string?[] { null };
    }

    private static XElement Syntax(CmdletFacts cmdlet, string? set, Comments comments) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        cmdlet.Parameters
            .Select(parameter => (Parameter: parameter, Place: parameter.Places.FirstOrDefault(place => place.Set is null || place.Set == set)))
            .Where(one => one.Place is not null).Select(one => Parameter(one.Parameter, one.Place!, comments)),
        cmdlet.AsksFirst ? [Common("WhatIf"), Common("Confirm")] : Array.Empty<XElement>());

    private static XElement Common(string name) => new(
        Command + "parameter",
        new XAttribute("required", "false"), new XAttribute("globbing", "false"), new XAttribute("pipelineInput", "false"), new XAttribute("position", "named"),
        new XElement(Maml + "name", name), new XElement(Maml + "description", Paragraph(name == "WhatIf" ? "Show what would be done, and what would block it; do nothing." : "Ask before it is done.")));

    private static XElement Parameter(ParameterFacts parameter, ParameterPlace place, Comments comments)
    {
        var type = TypeName(parameter.Property.PropertyType);
        var isSwitch = type == "SwitchParameter";
        return new XElement(
            Command + "parameter",
            new XAttribute("required", place.IsMandatory ? "true" : "false"), new XAttribute("globbing", parameter.TakesWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", place.PipelineInput), new XAttribute("position", place.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            parameter.Aliases.Count > 0 ? new XAttribute("aliases", string.Join(", ", parameter.Aliases)) : null,
            new XElement(Maml + "name", parameter.Name),
            new XElement(Maml + "description", Paragraph(comments.Summary(parameter.Property))),
            parameter.Values.Count > 0
                ? new XElement(Command + "parameterValueGroup", parameter.Values.Select(value => new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value)))
                : null,
            isSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), type),
            new XElement(Dev + "type", new XElement(Maml + "name", type)),
            new XElement(Dev + "defaultValue", isSwitch ? "False" : parameter.Default.Length > 0 ? parameter.Default : "None"));
    }

    private static IEnumerable<string> InputsOf(CmdletFacts cmdlet) =>
        cmdlet.Parameters.Any(parameter => parameter.Places.Any(place => place.FromPipelineByName || place.FromPipeline)) ? ["System.Management.Automation.PSObject"] : ["None"];

    private static XElement TypeNamed(string name) => new(Dev + "type", new XElement(Maml + "name", name));

    private static XElement ExampleOf(Example example, int number) => new(
        Command + "example",
        new XElement(Maml + "title", $"-------- Example {number} --------"),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", Paragraph(example.Title)));

    private static XElement Link(string text) => new(Maml + "navigationLink", new XElement(Maml + "linkText", text), new XElement(Maml + "uri"));

    private static XElement Paragraph(string text) => new(Maml + "para", text);

    private static string TypeName(Type type) =>
        Nullable.GetUnderlyingType(type) is { } underlying ? TypeName(underlying)
        : type.IsArray ? TypeName(type.GetElementType()!) + "[]"
        : type.Name;
}
