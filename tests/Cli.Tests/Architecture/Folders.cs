using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>
/// Which folders of a project use which, read from its sources: their <c>using</c>s, each of which is needed (the build refuses others), and names that need none. What is compiled says less: constants leave
/// no trace in it. A type that is used without being named, as the result of a call, is named by what was called, so that no ring of folders is overlooked.
/// </summary>
/// <remarks>A file in the root namespace of the project has no folder: it stands for itself, with the files of its other parts (<c>A.cs</c>, <c>A_Part.cs</c>).</remarks>
internal sealed class Folders
{
    private readonly string _root;
    private readonly Dictionary<(string Namespace, string Type), string> _places;
    private readonly HashSet<string> _namespaces;
    private readonly Dictionary<(string From, string To), SortedSet<string>> _uses = [];

    /// <param name="files">The sources of the project.</param>
    /// <param name="root">The namespace of the project: the part behind it is the folder.</param>
    public Folders(IEnumerable<string> files, string root)
    {
        _root = root;
        var sources = files.Select(file => new Source(file)).ToList();
        Outside = [.. sources.Where(source => source.Types.Length > 0 && !IsInside(source.Namespace)).Select(source => source.Name)];
        sources.RemoveAll(source => !IsInside(source.Namespace));
        Names = [.. sources.Select(PlaceOf).Distinct()];
        _namespaces = [.. sources.Select(source => source.Namespace)];
        _places = sources.SelectMany(source => source.Types.Select(type => (Key: (source.Namespace, type), Place: PlaceOf(source)))).DistinctBy(each => each.Key).ToDictionary(each => each.Key, each => each.Place);
        foreach (var source in sources)
        {
            foreach (var to in source.Chains.Select(chain => Resolve(source.Namespace, chain)).OfType<string>().Where(to => to != PlaceOf(source)))
                Add(PlaceOf(source), to, source.Name);
        }
    }

    /// <summary>Folders, and files without one.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Files whose types are in no namespace of the project.</summary>
    public IReadOnlyList<string> Outside { get; }

    /// <summary>What a folder uses.</summary>
    public IEnumerable<string> UsedBy(string folder) => _uses.Keys.Where(use => use.From == folder).Select(use => use.To).Order(StringComparer.Ordinal);

    /// <summary>Folders from each of which all the others can be reached, with the arrows between them and the files that these are in.</summary>
    /// <param name="without">Arrows that are taken out: <c>A -> B</c>.</param>
    public IEnumerable<string> Rings(IReadOnlyCollection<string> without)
    {
        var left = Names.ToHashSet();
        foreach (var name in Names)
        {
            var ring = left.Where(other => Reaches(name, other, without) && Reaches(other, name, without)).ToHashSet();
            left.ExceptWith(ring);
            if (ring.Count > 0)
            {
                yield return string.Join('\n', _uses.Where(use => ring.Contains(use.Key.From) && ring.Contains(use.Key.To) && !without.Contains(Arrow(use.Key)))
                    .Select(use => $"{Arrow(use.Key)} in {string.Join(", ", use.Value)}").Order(StringComparer.Ordinal));
            }
        }
    }

    /// <summary>Whether an arrow, taken back in, would close a ring.</summary>
    public bool IsNeeded(string arrow, IReadOnlyCollection<string> without) =>
        _uses.Keys.Any(use => Arrow(use) == arrow && Reaches(use.To, use.From, without));

    private static string Arrow((string From, string To) use) => $"{use.From} -> {use.To}";

    private bool Reaches(string from, string to, IReadOnlyCollection<string> without)
    {
        var (seen, next) = (new HashSet<string>(), new Queue<string>([from]));
        while (next.TryDequeue(out var at))
        {
            foreach (var use in _uses.Keys.Where(use => use.From == at && !without.Contains(Arrow(use)) && seen.Add(use.To)))
                next.Enqueue(use.To);
        }

        return seen.Contains(to);
    }

    private void Add(string from, string to, string file)
    {
        if (!_uses.TryGetValue((from, to), out var files))
            _uses[(from, to)] = files = new SortedSet<string>(StringComparer.Ordinal);
        files.Add(file);
    }

    private bool IsInside(string @namespace) => @namespace == _root || @namespace.StartsWith(_root + ".", StringComparison.Ordinal);

    private string PlaceOf(Source source) => source.Namespace == _root ? Path.GetFileNameWithoutExtension(source.Name).Split('_')[0] : FolderOf(source.Namespace);

    private string FolderOf(string @namespace) => @namespace[(_root.Length + 1)..].Split('.')[0];

    /// <summary>As the compiler looks a name up: in the namespace that it is written in, then in those around it.</summary>
    /// <returns>Null: it names no type and no namespace of the project.</returns>
    private string? Resolve(string at, Chain chain)
    {
        for (var scope = at; ; scope = scope[..Math.Max(0, scope.LastIndexOf('.'))])
        {
            for (var length = chain.Parts.Length; length >= 0; length--)
            {
                var name = string.Join('.', new[] { scope }.Concat(chain.Parts[..length]).Where(part => part.Length > 0));
                if (!IsInside(name))
                    continue;
                if (length < chain.Parts.Length && _places.TryGetValue((name, chain.Parts[length]), out var place))
                    return place;
                if (length == chain.Parts.Length && chain.IsUsing && name != _root && _namespaces.Contains(name))
                    return FolderOf(name);
            }

            if (scope.Length == 0)
                return null;
        }
    }

    /// <param name="IsUsing">Of a <c>using</c>, which may name a namespace.</param>
    private sealed record Chain(string[] Parts, bool IsUsing)
    {
        public static Chain Of(string name, bool isUsing) => new(name.Split('.'), isUsing);
    }

    private sealed class Source
    {
        public Source(string file)
        {
            Name = Path.GetFileName(file);
            var unit = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot();
            Namespace = unit.Members.OfType<BaseNamespaceDeclarationSyntax>().SingleOrDefault()?.Name.ToString() ?? "";
            Types = [.. unit.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).Select(NameOf).OfType<string>().Distinct()];
            Chains =
            [
                .. unit.Usings.Select(one => Chain.Of(one.NamespaceOrType.ToString().Replace("global::", "", StringComparison.Ordinal), isUsing: true)),
                .. unit.Members.SelectMany(member => member.DescendantNodes()).OfType<SimpleNameSyntax>().Where(IsFirst).Select(name => string.Join('.', PartsFrom(name))).Distinct().Select(name => Chain.Of(name, isUsing: false)),
            ];
        }

        public string Name { get; }

        public string Namespace { get; }

        public string[] Types { get; }

        public Chain[] Chains { get; }

        private static string? NameOf(SyntaxNode node) => node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            DelegateDeclarationSyntax type => type.Identifier.Text,
            _ => null,
        };

        /// <summary>Whether it is the first part of a dotted name, and not the name of a member in an initializer or argument.</summary>
        private static bool IsFirst(SimpleNameSyntax name) => name.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression == name,
            QualifiedNameSyntax qualified => qualified.Left == name,
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left != name,
            BaseNamespaceDeclarationSyntax or NameColonSyntax or NameEqualsSyntax or MemberBindingExpressionSyntax => false,
            _ => true,
        };

        private static IEnumerable<string> PartsFrom(SimpleNameSyntax name)
        {
            yield return name.Identifier.Text;
            for (SyntaxNode at = name; at.Parent is QualifiedNameSyntax or MemberAccessExpressionSyntax; at = at.Parent)
            {
                if ((at.Parent is QualifiedNameSyntax qualified ? qualified.Right : ((MemberAccessExpressionSyntax)at.Parent).Name) is var next && next != at)
                    yield return next.Identifier.Text;
            }
        }
    }
}
