package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
)

// Book is one of the books that this till can have open, each in a folder of
// its own.
type Book struct {
	Name  BookName       `json:"name" enum:"training,test,live"`
	Mode  boxoffice.Mode `json:"mode" enum:"training,live"`
	Open  bool           `json:"open" doc:"It is the one on the screens."`
	Begun bool           `json:"begun" doc:"There is something in it already."`
}

// BookName is what a book is sold on: the simulator, Stripe's test mode, or
// real money.
type BookName string

// The books.
const (
	BookTraining BookName = "training"
	BookTest     BookName = "test"
	BookLive     BookName = "live"
)

// Shelf holds the books. Open changes to another one.
type Shelf interface {
	Books() ([]Book, error)
	Open(ctx context.Context, name BookName) error
}

type booksBody struct {
	Body struct {
		Books []Book `json:"books"`
	}
}

type openBookInput struct {
	WithAdmin
	Book BookName `path:"book" enum:"training,test,live"`
}

func (s *server) bookRoutes(api huma.API) {
	huma.Get(api, "/api/books", s.books, named("books", "The books of this till"))
	huma.Post(api, "/api/books/{book}/open", s.openBook, named("openBook", "Change to another book: every screen shows it from then on"))
}

func (s *server) books(ctx context.Context, _ *struct{}) (*booksBody, error) {
	out := &booksBody{}
	var err error
	out.Body.Books, err = s.Shelf.Books()
	return out, s.problem(ctx, err)
}

func (s *server) openBook(ctx context.Context, in *openBookInput) (*booksBody, error) {
	err := s.Access.Admin(in.Token, false)
	if err == nil {
		err = s.Shelf.Open(ctx, in.Book)
	}
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.books(ctx, nil)
}
