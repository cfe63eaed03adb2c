namespace Gantry.Estate.Alloy;

/// <summary>A piece of Alloy syntax and where it stands.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public readonly record struct AlloyPlace(int Line, int Column);

public abstract record AlloyStatement(string Name, AlloyPlace Place);

/// <summary><c>name = value</c></summary>
public sealed record AlloyAttribute(string Name, AlloyExpression Value, AlloyPlace Place) : AlloyStatement(Name, Place);

/// <summary><c>prometheus.scrape "label" { … }</c></summary>
/// <param name="Label">Null without one.</param>
public sealed record AlloyBlock(string Name, string? Label, AlloyBody Body, AlloyPlace Place) : AlloyStatement(Name, Place);

public sealed record AlloyBody(IReadOnlyList<AlloyStatement> Statements)
{
    public IEnumerable<AlloyBlock> Blocks => Statements.OfType<AlloyBlock>();

    /// <summary>Every attribute, of blocks inside blocks too.</summary>
    public IEnumerable<AlloyAttribute> AllAttributes => Statements.SelectMany(statement => statement is AlloyBlock block ? block.Body.AllAttributes : [(AlloyAttribute)statement]);
}

public abstract record AlloyExpression(AlloyPlace Place)
{
    /// <summary>Directly inside it.</summary>
    public virtual IEnumerable<AlloyExpression> Parts => [];

    /// <summary>It, and everything inside it.</summary>
    public IEnumerable<AlloyExpression> All => Parts.SelectMany(part => part.All).Prepend(this);
}

/// <summary>Text in quotes, unescaped.</summary>
public sealed record AlloyString(string Value, AlloyPlace Place) : AlloyExpression(Place);

/// <summary>A number, <c>true</c>, <c>false</c> or <c>null</c>, as written.</summary>
public sealed record AlloyLiteral(string Text, AlloyPlace Place) : AlloyExpression(Place);

public sealed record AlloyName(string Name, AlloyPlace Place) : AlloyExpression(Place);

/// <summary><c>target.name</c></summary>
public sealed record AlloyAccess(AlloyExpression Target, string Name, AlloyPlace Place) : AlloyExpression(Place)
{
    public override IEnumerable<AlloyExpression> Parts => [Target];
}

/// <summary><c>target[key]</c></summary>
public sealed record AlloyIndex(AlloyExpression Target, AlloyExpression Key, AlloyPlace Place) : AlloyExpression(Place)
{
    public override IEnumerable<AlloyExpression> Parts => [Target, Key];
}

public sealed record AlloyCall(AlloyExpression Target, IReadOnlyList<AlloyExpression> Arguments, AlloyPlace Place) : AlloyExpression(Place)
{
    public override IEnumerable<AlloyExpression> Parts => [Target, .. Arguments];
}

public sealed record AlloyArray(IReadOnlyList<AlloyExpression> Items, AlloyPlace Place) : AlloyExpression(Place)
{
    public override IEnumerable<AlloyExpression> Parts => Items;
}

public sealed record AlloyObject(IReadOnlyList<(string Key, AlloyExpression Value)> Fields, AlloyPlace Place) : AlloyExpression(Place)
{
    public override IEnumerable<AlloyExpression> Parts => Fields.Select(item => item.Value);
}

/// <summary><c>!x</c> or <c>-x</c>; <c>(x)</c> with the operator "(".</summary>
public sealed record AlloyUnary(string Operator, AlloyExpression Operand, AlloyPlace Place) : AlloyExpression(Place)
{
    public override IEnumerable<AlloyExpression> Parts => [Operand];
}

public sealed record AlloyBinary(string Operator, AlloyExpression Left, AlloyExpression Right, AlloyPlace Place) : AlloyExpression(Place)
{
    public override IEnumerable<AlloyExpression> Parts => [Left, Right];
}

/// <summary>Where text stops being Alloy syntax.</summary>
public sealed record AlloyError(AlloyPlace Place, string Message);
