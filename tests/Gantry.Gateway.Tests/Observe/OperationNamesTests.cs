using System.Text;
using Gantry.Estate.Red;

namespace Gantry.Gateway.Tests.Observe;

public class OperationNamesTests
{
    [Theory]
    [InlineData("GET /users/123", "GET /users/{id}")]
    [InlineData("GET /users/7/orders/42", "GET /users/{id}/orders/{id}")]
    [InlineData("GET /items/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "GET /items/{id}")]
    [InlineData("GET /commits/deadbeef01", "GET /commits/{id}")]
    [InlineData("GET /search?q=shoes", "GET /search")]
    [InlineData("process order 12345", "process order {id}")]
    [InlineData("SELECT * FROM users WHERE id = 42", "SELECT * FROM users WHERE id = ?")]
    [InlineData("SELECT * FROM t WHERE a IN (1, 2, 3) AND b = 'x'", "SELECT * FROM t WHERE a IN (?) AND b = ?")]
    public void Ids_and_literals_are_folded(string name, string folded) => Assert.Equal((folded, true), Fold(name));

    [Theory]
    [InlineData("GET /users/{id}")]
    [InlineData("GET /api/v1/users")]
    [InlineData("shop.Cart/AddItem")]
    [InlineData("SELECT products")]
    [InlineData("HTTP 200")]
    [InlineData("")]
    public void What_holds_no_id_stays(string name) => Assert.Equal((name, false), Fold(name));

    private static (string Name, bool Folded) Fold(string name)
    {
        var target = new byte[2048];
        var folded = OperationNames.Fold(Encoding.UTF8.GetBytes(name), target, out var length);
        return (Encoding.UTF8.GetString(target, 0, length), folded);
    }
}
