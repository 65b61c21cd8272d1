namespace HaCluster.Cmdlets.Views;

/// <summary>Numbered steps in two columns: title and note. What is too long for its column goes on below, in its column.</summary>
internal static class Columns
{
    private const string Gap = "  ";
    private const int Number = 6;

    /// <summary>Notes that are longer, such as the reason why a step is blocked, go on below instead of taking room from all titles.</summary>
    private const int WidestNote = 20;

    private const int NarrowestTitle = 24;

    /// <param name="width">Of the terminal; 0 where there is none.</param>
    public static IEnumerable<string> Of(IEnumerable<(int Number, string Title, string Note)> steps, int width)
    {
        var all = steps.ToList();
        var note = Math.Min(WidestNote, all.Select(step => step.Note.Length).DefaultIfEmpty(0).Max());
        var title = all.Select(step => step.Title.Length).DefaultIfEmpty(0).Max();
        if (width > 0)
            title = Math.Min(title, Math.Max(NarrowestTitle, width - Number - Gap.Length - note));
        var rest = width <= 0 ? int.MaxValue : Math.Max(WidestNote / 2, width - Number - title - Gap.Length);
        return all.SelectMany(step =>
        {
            var (titles, notes) = (Lines.Wrap(step.Title, title, 0).ToList(), Lines.Wrap(step.Note, rest, 0).ToList());
            return Enumerable.Range(0, Math.Max(titles.Count, notes.Count)).Select(line =>
                $"{(line == 0 ? $"  {step.Number,2}. " : new string(' ', Number))}{titles.ElementAtOrDefault(line)}".PadRight(Number + title) + Gap + (notes.ElementAtOrDefault(line) ?? ""))
                .Select(line => line.TrimEnd());
        });
    }
}
